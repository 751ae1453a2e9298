/* Numbers in pictures. */
#pragma once

#define DINO_LABEL_LENGTH 48

/* A number as people read it: a minus sign, not a hyphen. */
void dino_label_format (char label[DINO_LABEL_LENGTH], double value);

/* value to three significant digits: what a range needs. */
double dino_label_round (double value);
