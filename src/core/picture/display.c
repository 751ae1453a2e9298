#include "core/picture/display.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

bool
dino_display_is_inverted (const struct dino_picture *picture, enum dino_invert invert)
{
  const struct dino_grey_scale *grey = picture->grey;

  if (invert == DINO_INVERT_AUTO)
    return grey != NULL && (grey->monochrome1 || grey->presentation == DINO_PRESENTATION_INVERSE);
  return invert == DINO_INVERT_YES;
}

static const char *const invert_names[] = {
  [DINO_INVERT_AUTO] = "auto",
  [DINO_INVERT_YES] = "yes",
  [DINO_INVERT_NO] = "no",
};

const char *
dino_invert_name (enum dino_invert invert)
{
  return invert_names[invert];
}

bool
dino_invert_parse (const char *name, enum dino_invert *invert)
{
  for (size_t i = 0; i < sizeof invert_names / sizeof *invert_names; i++)
    if (strcmp (name, invert_names[i]) == 0)
      {
        *invert = (enum dino_invert) i;
        return true;
      }
  return false;
}

size_t
dino_picture_n_levels (const struct dino_picture *picture)
{
  return picture->bits == 16 ? 65536 : 256;
}

double
dino_picture_modality (const struct dino_picture *picture, unsigned sample)
{
  return dino_grey_scale_modality (picture->grey, (int) sample + picture->stored_offset);
}

void
dino_picture_modality_range (const struct dino_picture *picture, double *low, double *high)
{
  *low = INFINITY;
  *high = -INFINITY;
  for (unsigned sample = picture->low; sample <= picture->high; sample++)
    {
      double value = dino_picture_modality (picture, sample);

      if (picture->histogram != NULL && picture->histogram[sample] == 0)
        continue;
      *low = fmin (*low, value);
      *high = fmax (*high, value);
    }
}

/* How many pixels have a modality value. */
struct bin
{
  double   value;
  uint64_t count;
};

static int
compare_bins (const void *a, const void *b)
{
  double one = ((const struct bin *) a)->value;
  double two = ((const struct bin *) b)->value;

  return (one > two) - (one < two);
}

static size_t
fill_bins (const struct dino_picture *picture, struct bin *bins)
{
  size_t n = 0;
  size_t n_pixels = (size_t) picture->width * (size_t) picture->height;

  if (picture->histogram == NULL)
    {
      for (unsigned sample = 0; sample < 256; sample++)
        bins[sample] = (struct bin){ dino_picture_modality (picture, sample), 0 };
      for (size_t i = 0; i < n_pixels; i++)
        bins[picture->samples8[i]].count++;
      n = 256;
    }
  else
    for (unsigned sample = picture->low; sample <= picture->high; sample++)
      if (picture->histogram[sample] > 0)
        bins[n++] = (struct bin){ dino_picture_modality (picture, sample), picture->histogram[sample] };
  qsort (bins, n, sizeof *bins, compare_bins);
  return n;
}

/* The value of a rank, from 0. */
static double
value_at (const struct bin *bins, size_t n, uint64_t rank)
{
  uint64_t below = 0;

  for (size_t i = 0; i < n; i++)
    {
      below += bins[i].count;
      if (rank < below)
        return bins[i].value;
    }
  return bins[n - 1].value;
}

static double
percentile (const struct bin *bins, size_t n, double percent)
{
  uint64_t total = 0;
  double   place, whole, before, after;

  for (size_t i = 0; i < n; i++)
    total += bins[i].count;
  place = percent / 100 * (double) (total - 1);
  whole = floor (place);
  before = value_at (bins, n, (uint64_t) whole);
  after = value_at (bins, n, (uint64_t) ceil (place));
  return before + (after - before) * (place - whole);
}

bool
dino_picture_percentiles (const struct dino_picture *picture, double low_percent, double high_percent, double *low, double *high, struct dino_error *error)
{
  struct bin *bins = dino_alloc (dino_picture_n_levels (picture), sizeof *bins, error);
  size_t      n;

  if (bins == NULL)
    return false;
  n = fill_bins (dino_picture_unchanged (picture), bins);
  *low = percentile (bins, n, low_percent);
  *high = percentile (bins, n, high_percent);
  dino_free (bins);
  return true;
}

/* The window of which 8-bit samples come out as they are. */
static const struct dino_window eight_bits = { 127.5, 255, DINO_VOI_LINEAR_EXACT };

struct dino_display
dino_display_resolve (const struct dino_picture *picture, const struct dino_display *display)
{
  if (display->kind != DINO_DISPLAY_AUTO)
    return *display;
  if (picture->grey != NULL && picture->grey->n_voi > 0)
    return (struct dino_display){ .kind = DINO_DISPLAY_FILE };
  if (picture->bits == 16)
    return (struct dino_display){ .kind = DINO_DISPLAY_PERCENTILE };
  return (struct dino_display){ .kind = DINO_DISPLAY_WINDOW, .window = eight_bits };
}

static const struct dino_voi *
file_voi (const struct dino_picture *picture, const struct dino_display *display)
{
  const struct dino_grey_scale *grey = picture->grey;

  if (display->kind != DINO_DISPLAY_FILE || grey == NULL || display->voi < 0 || (size_t) display->voi >= grey->n_voi)
    return NULL;
  return &grey->voi[display->voi];
}

bool
dino_display_is_table (const struct dino_picture *picture, const struct dino_display *display)
{
  struct dino_display    definite = dino_display_resolve (picture, display);
  const struct dino_voi *voi = file_voi (picture, &definite);

  return voi != NULL && voi->lut != NULL;
}

/* Black at low and white at high; where they are the same, that is black. */
static struct dino_window
window_between (double low, double high)
{
  double width = high > low ? high - low : 1;

  return (struct dino_window){ low + width / 2, width, DINO_VOI_LINEAR_EXACT };
}

static bool
check_voi (const struct dino_picture *picture, const struct dino_display *display, struct dino_error *error)
{
  size_t n = picture->grey != NULL ? picture->grey->n_voi : 0;

  if (display->kind != DINO_DISPLAY_FILE || file_voi (picture, display) != NULL)
    return true;
  if (n == 0)
    return dino_error_set (error, DINO_CODE_ARGUMENT, "%s", _ ("The file has no window of its own; one can be given as CENTER:WIDTH."));
  return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The file has no window number %d; it has %zu, counted from 0."), display->voi, n);
}

bool
dino_display_window (const struct dino_picture *picture, const struct dino_display *display, struct dino_window *window, struct dino_error *error)
{
  struct dino_display    definite = dino_display_resolve (picture, display);
  const struct dino_voi *voi = file_voi (picture, &definite);
  double                 low, high;

  if (!check_voi (picture, &definite, error))
    return false;
  if (definite.kind == DINO_DISPLAY_WINDOW)
    *window = definite.window;
  else if (voi != NULL && voi->lut == NULL)
    *window = voi->window;
  else if (voi != NULL)
    *window = window_between (voi->lut->first, voi->lut->first + (double) voi->lut->n - 1);
  else if (definite.kind == DINO_DISPLAY_PERCENTILE)
    {
      if (!dino_picture_percentiles (picture, DINO_PERCENTILE_LOW, DINO_PERCENTILE_HIGH, &low, &high, error))
        return false;
      *window = window_between (low, high);
    }
  else
    {
      dino_picture_modality_range (picture, &low, &high);
      *window = window_between (low, high);
    }
  return true;
}

void
dino_display_voi_range (const struct dino_picture *picture, const struct dino_display *display, double *low, double *high)
{
  const struct dino_grey_scale *grey = picture->grey;
  const struct dino_voi        *voi = file_voi (picture, display);

  if (voi != NULL && voi->lut != NULL)
    {
      *low = 0;
      *high = ldexp (1, voi->lut->bits) - 1;
      return;
    }
  if (grey != NULL && grey->modality != NULL)
    {
      *low = 0;
      *high = ldexp (1, grey->modality->bits) - 1;
      return;
    }
  *low = picture->stored_offset < 0 ? -ldexp (1, picture->file_bits - 1) : 0;
  *high = *low + ldexp (1, picture->file_bits) - 1;
  if (grey != NULL)
    {
      *low = *low * grey->slope + grey->intercept;
      *high = *high * grey->slope + grey->intercept;
    }
}

double
dino_display_voi_value (const struct dino_picture *picture, const struct dino_display *display, unsigned sample)
{
  const struct dino_voi *voi = file_voi (picture, display);
  double                 value = dino_picture_modality (picture, sample);
  double                 low, high;

  if (voi != NULL && voi->lut != NULL)
    return dino_lut_value (voi->lut, value);
  dino_display_voi_range (picture, display, &low, &high);
  return dino_window_value (voi != NULL ? &voi->window : &display->window, value, low, high);
}

/* Absurd slopes may have led to infinities and from there to no number at all: black. */
static uint8_t
to_grey (double value)
{
  value = floor (value + 0.5);
  if (!(value > 0))
    return 0;
  return value >= 255 ? 255 : (uint8_t) value;
}

static void
fill_colour_table (bool inverted, uint8_t *table)
{
  for (int value = 0; value < 256; value++)
    table[value] = (uint8_t) (inverted ? 255 - value : value);
}

bool
dino_display_table (const struct dino_picture *picture, const struct dino_display *display, bool inverted, uint8_t *table, struct dino_error *error)
{
  struct dino_display    definite = dino_display_resolve (picture, display);
  const struct dino_voi *voi = file_voi (picture, &definite);
  size_t                 n_levels = dino_picture_n_levels (picture);
  struct dino_window     window;

  if (picture->channels != 1)
    {
      fill_colour_table (inverted, table);
      return true;
    }
  if (!dino_display_window (picture, &definite, &window, error))
    return false;
  for (size_t sample = 0; sample < n_levels; sample++)
    {
      double  value = dino_picture_modality (picture, (unsigned) sample);
      uint8_t grey;

      if (voi != NULL && voi->lut != NULL)
        grey = to_grey (dino_lut_value (voi->lut, value) * 255 / (ldexp (1, voi->lut->bits) - 1));
      else
        grey = to_grey (dino_window_value (&window, value, 0, 255));
      table[sample] = inverted ? (uint8_t) (255 - grey) : grey;
    }
  return true;
}

uint8_t *
dino_display_render (const struct dino_picture *picture, const struct dino_display *display, bool inverted, struct dino_error *error)
{
  size_t   count = (size_t) picture->width * (size_t) picture->height * (size_t) picture->channels;
  uint8_t *table = dino_alloc (dino_picture_n_levels (picture), 1, error);
  uint8_t *shown = NULL;

  if (table != NULL && dino_display_table (picture, display, inverted, table, error))
    shown = dino_alloc (count, 1, error);
  for (size_t i = 0; shown != NULL && i < count; i++)
    shown[i] = table[picture->bits == 16 ? picture->samples16[i] : picture->samples8[i]];
  dino_free (table);
  return shown;
}

bool
dino_display_equal (const struct dino_picture *picture, const struct dino_display *one, const struct dino_display *other)
{
  struct dino_display a = dino_display_resolve (picture, one);
  struct dino_display b = dino_display_resolve (picture, other);

  if (picture->channels != 1)
    return true;
  if (a.kind != b.kind)
    return false;
  if (a.kind == DINO_DISPLAY_FILE)
    return a.voi == b.voi;
  return a.kind != DINO_DISPLAY_WINDOW ||
         (a.window.center == b.window.center && a.window.width == b.window.width && a.window.function == b.window.function);
}

const char *
dino_display_format (const struct dino_display *display, char buffer[DINO_DISPLAY_LENGTH])
{
  char center[DINO_NUMBER_LENGTH], width[DINO_NUMBER_LENGTH];

  switch (display->kind)
    {
    case DINO_DISPLAY_FULL:
      return memcpy (buffer, "full", sizeof "full");
    case DINO_DISPLAY_PERCENTILE:
      return memcpy (buffer, "percentile", sizeof "percentile");
    case DINO_DISPLAY_FILE:
      snprintf (buffer, DINO_DISPLAY_LENGTH, "file:%d", display->voi);
      return buffer;
    case DINO_DISPLAY_WINDOW:
      snprintf (buffer, DINO_DISPLAY_LENGTH, "%s:%s:%s", dino_format_double (center, display->window.center),
                dino_format_double (width, display->window.width), dino_voi_function_name (display->window.function));
      return buffer;
    case DINO_DISPLAY_AUTO:
    default:
      return memcpy (buffer, "auto", sizeof "auto");
    }
}

static bool
parse_index (const char *text, struct dino_display *display)
{
  char *end;
  long  index = strtol (text, &end, 10);

  if (*text < '0' || *text > '9' || *end != '\0' || index >= DINO_VOI_MAX)
    return false;
  *display = (struct dino_display){ .kind = DINO_DISPLAY_FILE, .voi = (int) index };
  return true;
}

static bool
parse_window (const char *text, struct dino_display *display)
{
  char   copy[DINO_DISPLAY_LENGTH];
  char  *width, *function;
  size_t length = strlen (text);

  if (length >= sizeof copy)
    return false;
  memcpy (copy, text, length + 1);
  width = strchr (copy, ':');
  if (width == NULL)
    return false;
  *width++ = '\0';
  function = strchr (width, ':');
  if (function != NULL)
    *function++ = '\0';
  *display = (struct dino_display){ .kind = DINO_DISPLAY_WINDOW };
  if (function != NULL && !dino_voi_function_parse (function, &display->window.function))
    return false;
  return dino_parse_double (copy, &display->window.center) && dino_parse_double (width, &display->window.width) &&
         (display->window.function == DINO_VOI_LINEAR ? display->window.width >= 1 : display->window.width > 0);
}

bool
dino_display_parse (const char *text, struct dino_display *display)
{
  if (strcmp (text, "auto") == 0)
    *display = (struct dino_display){ .kind = DINO_DISPLAY_AUTO };
  else if (strcmp (text, "full") == 0)
    *display = (struct dino_display){ .kind = DINO_DISPLAY_FULL };
  else if (strcmp (text, "percentile") == 0)
    *display = (struct dino_display){ .kind = DINO_DISPLAY_PERCENTILE };
  else if (strncmp (text, "file:", 5) == 0)
    return parse_index (text + 5, display);
  else
    return parse_index (text, display) || parse_window (text, display);
  return true;
}
