"""The words all stages share: frozen typed values, and how texts are compared and said."""
