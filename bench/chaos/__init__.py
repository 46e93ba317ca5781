"""What the program is put through: floods, bodies that hurt, and kills."""
