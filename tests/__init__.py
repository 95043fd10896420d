"""The tests: fakes of the platforms, and what is promised of each part."""
