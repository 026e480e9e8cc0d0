"""Profiles: what is known of the service ports of makes, as data. Drivers read them; nothing here opens a port."""

from techtool.serviceport.profiles.console import ConsoleProfile
from techtool.serviceport.profiles.library import (
    Entry,
    Library,
    Origin,
    UnknownProfile,
    all_profiles,
    named,
    shipped,
)
from techtool.serviceport.profiles.loading import Loaded, Profile, load, load_bytes, load_text
from techtool.serviceport.profiles.model import ModbusProfile
from techtool.serviceport.profiles.problems import Problem, ProfileError
from techtool.serviceport.profiles.reads import Read, reads

__all__ = [
    "ConsoleProfile",
    "Entry",
    "Library",
    "Loaded",
    "ModbusProfile",
    "Origin",
    "Problem",
    "Profile",
    "ProfileError",
    "Read",
    "UnknownProfile",
    "all_profiles",
    "load",
    "load_bytes",
    "load_text",
    "named",
    "reads",
    "shipped",
]
