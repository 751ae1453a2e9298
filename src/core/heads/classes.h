/* What a mask tells apart. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/heads/decoder.h"

#define DINO_CLASS_NAME_LENGTH 64

/* The first class is what lies around: it is no part of outlines and scores' means. */
struct dino_class
{
  char    name[DINO_CLASS_NAME_LENGTH]; /* UTF-8, not empty */
  uint8_t value;                        /* index or grey in mask files */
  uint8_t rgb[3];
};

struct dino_classes
{
  struct dino_class list[DINO_DECODER_MAX_CLASSES];
  int               n;
};

/* Adds a class with a colour of its own (black is the first one's); name may be
 * NULL: then it is the value. False when there is no room. */
bool dino_classes_add (struct dino_classes *classes, uint8_t value, const char *name, struct dino_error *error);

/* The colour that class number index gets. */
void dino_classes_color (int index, uint8_t rgb[3]);

/* The class with this value in mask files, -1 when there is none. */
int dino_classes_find (const struct dino_classes *classes, uint8_t value);

/* The value that mask files have where the model saw nothing: 255, or the
 * largest that no class has. */
uint8_t dino_classes_unseen (const struct dino_classes *classes);

/* classes [n] of values [n]: DINO_NO_CLASS (patch-labels.h) where a value is
 * none of them. */
void dino_classes_map (const struct dino_classes *classes, const uint8_t *values, size_t n, uint8_t *indexes);
