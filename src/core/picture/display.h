/* From samples to the greys that are shown: which values of interest, and the
 * table that maps every possible sample. The model's greys are prepare.h's. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/picture/grey-scale.h"
#include "core/picture/picture.h"

enum dino_display_kind
{
  DINO_DISPLAY_AUTO,       /* the file's first VOI; else PERCENTILE, or 8-bit samples as they are */
  DINO_DISPLAY_FULL,       /* smallest to largest modality value, padding left out */
  DINO_DISPLAY_PERCENTILE, /* DINO_PERCENTILE_LOW to DINO_PERCENTILE_HIGH of the modality values, padding left out */
  DINO_DISPLAY_FILE,       /* the file's VOI number voi, from 0 */
  DINO_DISPLAY_WINDOW      /* window */
};

struct dino_display
{
  enum dino_display_kind kind;
  int                    voi;
  struct dino_window     window;
};

#define DINO_PERCENTILE_LOW 1.0
#define DINO_PERCENTILE_HIGH 99.0

/* Exchange of black and white. */
enum dino_invert
{
  DINO_INVERT_AUTO, /* as the file says; PNG and JPEG say nothing and are left as they are */
  DINO_INVERT_YES,
  DINO_INVERT_NO
};

const char *dino_invert_name (enum dino_invert invert); /* "auto", "yes", "no" */
bool        dino_invert_parse (const char *name, enum dino_invert *invert);

/* Whether stored values are shown inverted. AUTO: MONOCHROME1, or a
 * presentation LUT shape INVERSE: both say the same of one picture (PS3.3
 * C.8.11.3 demands INVERSE with MONOCHROME1), so they never undo each other. */
bool dino_display_is_inverted (const struct dino_picture *picture, enum dino_invert invert);

/* Possible samples: 256 or 65536. */
size_t dino_picture_n_levels (const struct dino_picture *picture);

/* Modality value of a sample. */
double dino_picture_modality (const struct dino_picture *picture, unsigned sample);

/* Smallest and largest modality value of the picture, padding left out. Grey only. */
void dino_picture_modality_range (const struct dino_picture *picture, double *low, double *high);

/* The modality values at two percentiles (0 … 100), linear between the nearest
 * ranks as numpy.percentile() does, padding left out. Grey only. */
bool dino_picture_percentiles (const struct dino_picture *picture, double low_percent, double high_percent, double *low, double *high, struct dino_error *error);

/* AUTO made definite for a picture; others are returned as they are. */
struct dino_display dino_display_resolve (const struct dino_picture *picture, const struct dino_display *display);

/* Whether it is a lookup table of the file, which no window amounts to. */
bool dino_display_is_table (const struct dino_picture *picture, const struct dino_display *display);

/* The window that a display amounts to: its own, or that from the first to the
 * last value that is told apart. What a reader is told, and where a drag begins. */
bool dino_display_window (const struct dino_picture *picture, const struct dino_display *display, struct dino_window *window, struct dino_error *error);

/* The output range of the VOI step before it is brought to 8 bits, as pydicom's
 * apply_voi_lut() has it: of a table its entries' bits; of a window the modality
 * table's bits, else the range of BitsStored through slope and intercept. */
void dino_display_voi_range (const struct dino_picture *picture, const struct dino_display *display, double *low, double *high);

/* The output of the VOI step for a sample, in that range. display is resolved
 * and of a kind FILE or WINDOW. */
double dino_display_voi_value (const struct dino_picture *picture, const struct dino_display *display, unsigned sample);

/* table[sample] = the grey shown, 0 … 255, for [dino_picture_n_levels()]
 * samples. Of colour pictures only inverted counts. Fails when the file has no
 * such VOI or memory cannot be had. */
bool dino_display_table (const struct dino_picture *picture, const struct dino_display *display, bool inverted, uint8_t *table, struct dino_error *error);

/* The picture as shown, [height, width, channels]: every sample through
 * dino_display_table(). dino_free() it. */
uint8_t *dino_display_render (const struct dino_picture *picture, const struct dino_display *display, bool inverted, struct dino_error *error);

/* Whether two choices show the same of a picture. */
bool dino_display_equal (const struct dino_picture *picture, const struct dino_display *one, const struct dino_display *other);

/* "auto", "full", "percentile", "file:0", "40:400:linear"; in the C locale, for
 * options and files. Room for DINO_DISPLAY_LENGTH bytes. Returns buffer. */
#define DINO_DISPLAY_LENGTH 96
const char *dino_display_format (const struct dino_display *display, char buffer[DINO_DISPLAY_LENGTH]);

/* The same back; a number N alone is file:N, CENTER:WIDTH alone is linear. */
bool dino_display_parse (const char *text, struct dino_display *display);
