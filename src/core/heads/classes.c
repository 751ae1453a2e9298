#include "core/heads/classes.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/heads/patch-labels.h"

/* Told apart by everybody, also over greys: Okabe and Ito (2008), brightest last;
 * then the same ones darker. */
static const uint8_t colors[][3] = {
  { 0, 0, 0 },
  { 230, 159, 0 },
  { 86, 180, 233 },
  { 0, 158, 115 },
  { 204, 121, 167 },
  { 213, 94, 0 },
  { 0, 114, 178 },
  { 240, 228, 66 },
};

#define N_COLORS ((int) (sizeof colors / sizeof *colors))

void
dino_classes_color (int index, uint8_t rgb[3])
{
  const int lap = index > 0 ? (index - 1) / (N_COLORS - 1) : 0;
  const int at = index > 0 ? (index - 1) % (N_COLORS - 1) + 1 : 0;

  for (int c = 0; c < 3; c++)
    rgb[c] = (uint8_t) (colors[at][c] * (10 - lap) / 10);
}

bool
dino_classes_add (struct dino_classes *classes, uint8_t value, const char *name, struct dino_error *error)
{
  struct dino_class *added;

  if (classes->n >= DINO_DECODER_MAX_CLASSES)
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("There are more than %d classes."), DINO_DECODER_MAX_CLASSES);
  added = &classes->list[classes->n];
  *added = (struct dino_class){ .value = value };
  if (name != NULL)
    snprintf (added->name, 1 + dino_text_cut (name, strnlen (name, sizeof added->name - 1)), "%s", name);
  else
    snprintf (added->name, sizeof added->name, "%d", value);
  dino_classes_color (classes->n, added->rgb);
  classes->n++;
  return true;
}

int
dino_classes_find (const struct dino_classes *classes, uint8_t value)
{
  for (int i = 0; i < classes->n; i++)
    if (classes->list[i].value == value)
      return i;
  return -1;
}

uint8_t
dino_classes_unseen (const struct dino_classes *classes)
{
  uint8_t value = 255;

  while (dino_classes_find (classes, value) >= 0)
    value--;
  return value;
}

void
dino_classes_map (const struct dino_classes *classes, const uint8_t *values, size_t n, uint8_t *indexes)
{
  uint8_t table[256];

  memset (table, DINO_NO_CLASS, sizeof table);
  for (int i = classes->n - 1; i >= 0; i--)
    table[classes->list[i].value] = (uint8_t) i;
  for (size_t i = 0; i < n; i++)
    indexes[i] = table[values[i]];
}
