"""The terminal UI. Imported as ``techtool.screens`` only, wherever the folder lies."""

if __name__ != "techtool.screens":
    raise ImportError(f"import this package as techtool.screens, not as {__name__}")
