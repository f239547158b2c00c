"""Parts that several test folders use: the loopback server above all."""
