"""The generator: payload, symbol, drawing, file, proof. Pure, no I/O, imports nothing of ours."""
