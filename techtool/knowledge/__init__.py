"""What is known of keys, errors and makes, as data files."""
