"""What other gradient checkers say of the faults that are planted in `benchmarks.repairs`."""
