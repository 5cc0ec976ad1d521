"""What people ask → an answer: who is answered first, by when, and how far it is."""
