"""techtool: the laptop becomes the charger's back office."""

from pathlib import Path

__version__ = "0.1.0"

# The wheel holds the screens as techtool/screens; in a checkout the folder lies beside this package.
_checkout = Path(__file__).parent.parent
if not Path(__file__).with_name("screens").exists() and _checkout.joinpath("screens", "app.tcss").is_file():
    __path__.append(str(_checkout))
