"""Chat models: chosen by name, called, listened to and stopped."""
