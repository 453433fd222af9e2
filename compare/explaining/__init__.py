"""Why a line is wrong, in the learner's own names and by the equation that it breaks."""
