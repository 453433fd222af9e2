"""How well `check` locates, explains and repairs a fault: single and double faults planted in right files."""
