/* What a radiograph's header says of its stored values: the grey scale of
 * DICOM PS3.3 C.11 (modality, VOI, presentation) and C.7.6.3. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/sha256.h"

/* A lookup table (PS3.3 C.11.1.1, C.11.2.1.1). Input first meets entries[0];
 * lower inputs meet the first entry, higher ones than first + n - 1 the last. */
struct dino_lut
{
  int       first;
  int       bits;    /* of an entry: the output range is 0 … 2^bits - 1 */
  size_t    n;       /* 1 … 65536 */
  uint16_t *entries; /* [n], owned */
};

/* Values are not initialised. */
struct dino_lut *dino_lut_new (size_t n, struct dino_error *error);
void             dino_lut_free (struct dino_lut *lut);

/* The entry that a value meets; fractions of an input are cut off. */
double dino_lut_value (const struct dino_lut *lut, double value);

/* PS3.3 C.11.2.1.2 and C.11.2.1.3. */
enum dino_voi_function
{
  DINO_VOI_LINEAR,
  DINO_VOI_LINEAR_EXACT,
  DINO_VOI_SIGMOID
};

/* Values of interest: in modality values. */
struct dino_window
{
  double                 center, width; /* width > 0; at least 1 for LINEAR */
  enum dino_voi_function function;
};

/* The window's output for a modality value: low … high. */
double dino_window_value (const struct dino_window *window, double value, double low, double high);

const char *dino_voi_function_name (enum dino_voi_function function); /* "linear", "linear-exact", "sigmoid" */
bool        dino_voi_function_parse (const char *name, enum dino_voi_function *function);

/* One VOI transformation that a file offers: a lookup table or a window. */
struct dino_voi
{
  struct dino_lut   *lut; /* owned; NULL: the window */
  struct dino_window window;
  char               name[64]; /* the file's explanation of it, UTF-8; "" when it has none */
};

enum dino_presentation
{
  DINO_PRESENTATION_NONE, /* the file says nothing */
  DINO_PRESENTATION_IDENTITY,
  DINO_PRESENTATION_INVERSE
};

struct dino_grey_scale
{
  struct dino_lut       *modality;         /* owned; NULL: rescale */
  double                 slope, intercept; /* 1 and 0 when the file has none */
  bool                   has_rescale;
  char                   unit[17];    /* of modality values: "HU", "OD"; "" when unspecified */
  struct dino_voi       *voi;         /* [n_voi], owned: tables first, then windows, as stored */
  size_t                 n_voi;       /* at most DINO_VOI_MAX */
  bool                   has_padding; /* stored values padding_low … padding_high are no picture */
  int                    padding_low, padding_high;
  bool                   monochrome1; /* the smallest value is white */
  enum dino_presentation presentation;
};

#define DINO_VOI_MAX 64

/* Slope 1, nothing else. NULL with error set when memory cannot be had. */
struct dino_grey_scale *dino_grey_scale_new (struct dino_error *error);
void                    dino_grey_scale_free (struct dino_grey_scale *grey);

/* Room for n VOI transformations, zeroed; n at most DINO_VOI_MAX. Once. */
bool dino_grey_scale_set_n_voi (struct dino_grey_scale *grey, size_t n, struct dino_error *error);

/* From a stored value to a modality value: the table, else slope and intercept.
 * grey may be NULL: the value itself. */
double dino_grey_scale_modality (const struct dino_grey_scale *grey, int stored);

/* sha256 of all that bears on greys: stored_offset (of the picture's samples),
 * modality, VOI, padding, MONOCHROME1, presentation; not of names and the unit.
 * Two pictures of equal samples are the same picture only when this is equal. */
bool dino_grey_scale_sha256 (const struct dino_grey_scale *grey, int stored_offset, char text[DINO_SHA256_LENGTH], struct dino_error *error);
