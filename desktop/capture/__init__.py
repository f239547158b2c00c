"""Pictures of the screen: one `CaptureBackend` for each way to get them, tried in order of preference.

`capturer.Capturer.take` asks the first backend that works here and gives a `Shot`: for each screen its frozen
picture, and the windows on it where the platform tells them. Nothing here shows anything: the overlay over
the frozen pictures is in ``ui.capture``.
"""
