"""What things look like, as paths in modules: module shapes, finder frames and eyeballs, frames, letters."""
