"""What is computed on: devices, threads, memory, precision, processes."""
