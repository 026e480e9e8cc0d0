"""What lets a charger through this laptop's firewall, for each system. Hints: nothing is changed. Pure."""

from __future__ import annotations

from collections.abc import Collection

TOOLS = ("ufw", "firewall-cmd", "nft", "iptables")
"""Programs whose presence tells which firewall a Linux has."""


def hints(system: str, present: Collection[str], port: int) -> list[str]:
    """Sentences for ``platform.system()`` and the firewall programs that are there."""
    match system:
        case "Windows":
            rule = f"dir=in action=allow protocol=TCP localport={port}"
            return [
                "Windows asks once whether Python may be reached; answer yes for private AND public networks. "
                "A cable to a charger counts as public.",
                f'As administrator: netsh advfirewall firewall add rule name="techtool" {rule}',
            ]
        case "Darwin":
            return [
                "System Settings, Network, Firewall, Options: allow incoming connections for python3. "
                "macOS asks for it at the first connection; the question may be behind the terminal."
            ]
        case _:
            found = []
            if "ufw" in present:
                found.append(f"If ufw is active: sudo ufw allow {port}/tcp")
            if "firewall-cmd" in present:
                found.append(f"If firewalld is active: sudo firewall-cmd --add-port={port}/tcp")
            if "nft" in present and not found:
                found.append(f"If nftables filters input: sudo nft list ruleset, and accept tcp dport {port}")
            if "iptables" in present and not found:
                found.append(f"If iptables filters input: sudo iptables -I INPUT -p tcp --dport {port} -j ACCEPT")
            return found or ["No firewall program was found here; a firewall is hardly the cause."]
