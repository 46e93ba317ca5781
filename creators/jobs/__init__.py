"""Jobs that bring works in: looked at before they are accepted, done by any worker, taken up by another."""
