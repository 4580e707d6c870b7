"""Acts signed on paper before the application, typed from the screens and read back whole."""
