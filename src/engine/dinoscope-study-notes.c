/* What was done to a picture's values, in words. */
#include "engine/dinoscope-study-private.h"

#include "core/base/text.h"

static const char *
number (char buffer[G_ASCII_DTOSTR_BUF_SIZE], double value)
{
  return g_ascii_formatd (buffer, G_ASCII_DTOSTR_BUF_SIZE, "%.6g", value);
}

/* "12 … 4021 HU" */
static char *
describe_range (const struct dino_picture *picture, double low, double high)
{
  const char *unit = picture->grey != NULL ? picture->grey->unit : "";
  char        text[2][G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup_printf ("%s … %s%s%s", number (text[0], low), number (text[1], high), *unit != '\0' ? " " : "", unit);
}

static char *
describe_percentiles (const struct dino_picture *picture)
{
  double           low, high;
  g_autofree char *range = NULL;

  if (!dino_picture_percentiles (picture, DINO_PERCENTILE_LOW, DINO_PERCENTILE_HIGH, &low, &high, NULL))
    return g_strdup (_ ("percentiles 1 to 99"));
  range = describe_range (picture, low, high);
  return g_strdup_printf (_ ("percentiles 1 to 99: %s"), range);
}

static char *
describe_window (const struct dino_window *window)
{
  char center[G_ASCII_DTOSTR_BUF_SIZE], width[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup_printf (_ ("center %s, width %s (%s)"), number (center, window->center), number (width, window->width), dino_voi_function_name (window->function));
}

char *
dinoscope_study_describe_voi (const struct dino_voi *voi)
{
  g_autofree char *window = voi->lut == NULL ? describe_window (&voi->window) : NULL;
  g_autofree char *name = *voi->name != '\0' ? g_strdup_printf (" “%s”", voi->name) : g_strdup ("");

  if (voi->lut == NULL)
    return g_strdup_printf (_ ("window%s: %s"), name, window);
  return g_strdup_printf (_ ("lookup table%s: %zu entries from %d"), name, voi->lut->n, voi->lut->first);
}

static char *
describe_values (const struct dino_picture *picture, const struct dino_display *asked)
{
  const struct dino_display display = dino_display_resolve (picture, asked);
  g_autofree char          *text = NULL;
  double                    low, high;

  if (picture->channels != 1)
    return g_strdup (_ ("colours as they are"));
  switch (display.kind)
    {
    case DINO_DISPLAY_FILE:
      if (picture->grey == NULL || display.voi < 0 || (gsize) display.voi >= picture->grey->n_voi)
        return g_strdup_printf ("file:%d", display.voi);
      text = dinoscope_study_describe_voi (&picture->grey->voi[display.voi]);
      return g_strdup_printf (_ ("number %d of the file, %s"), display.voi, text);
    case DINO_DISPLAY_PERCENTILE:
      return describe_percentiles (picture);
    case DINO_DISPLAY_FULL:
      dino_picture_modality_range (picture, &low, &high);
      text = describe_range (picture, low, high);
      return g_strdup_printf (_ ("smallest to largest value: %s"), text);
    case DINO_DISPLAY_WINDOW:
    case DINO_DISPLAY_AUTO:
    default:
      if (asked->kind == DINO_DISPLAY_AUTO)
        return g_strdup (_ ("greys as they are"));
      text = describe_window (&display.window);
      return g_strdup_printf (_ ("window: %s"), text);
    }
}

static char *
with_inversion (char *text, gboolean inverted)
{
  char *whole = inverted ? g_strdup_printf (_ ("%s; inverted"), text) : g_strdup (text);

  g_free (text);
  return whole;
}

char *
dinoscope_study_describe_display_of (const struct dino_picture *picture, const struct dino_preparation *preparation)
{
  return with_inversion (describe_values (picture, &preparation->voi), dino_display_is_inverted (picture, preparation->invert));
}

static char *
describe_minmax (const struct dino_picture *picture)
{
  g_autofree char *range = NULL;
  double           low, high;

  if (picture->channels != 1)
    return g_strdup (_ ("colours as they are"));
  if (picture->bits == 8)
    return g_strdup (_ ("greys as they are"));
  dino_model_minmax_range (picture, &low, &high);
  range = describe_range (picture, low, high);
  return g_strdup_printf (_ ("min-max: %s"), range);
}

static char *
describe_greys (const struct dino_picture *picture, const struct dino_preparation *preparation)
{
  g_autofree char *values = NULL;

  if (picture->channels != 1 && preparation->model_input != DINO_MODEL_INPUT_MINMAX)
    return g_strdup_printf (_ ("none: “%s” is for grey pictures"), dino_model_input_name (preparation->model_input));
  switch (preparation->model_input)
    {
    case DINO_MODEL_INPUT_WINDOW:
      values = describe_values (picture, &preparation->voi);
      return g_strdup_printf (_ ("the values shown, %s"), values);
    case DINO_MODEL_INPUT_PERCENTILE:
      return describe_percentiles (picture);
    case DINO_MODEL_INPUT_BSPLINE:
      return g_strdup (_ ("the model card’s preparation: stored values resized by B-spline, then min-max"));
    case DINO_MODEL_INPUT_MINMAX:
    default:
      return describe_minmax (picture);
    }
}

char *
dinoscope_study_describe_model_input_of (const struct dino_picture *picture, const struct dino_preparation *preparation)
{
  return with_inversion (describe_greys (picture, preparation), dino_model_is_inverted (picture, preparation));
}

static void
note (GString *notes, const char *sentence)
{
  if (notes->len > 0)
    g_string_append_c (notes, '\n');
  g_string_append (notes, sentence);
}

static void
note_modality (GString *notes, const struct dino_grey_scale *grey)
{
  g_autofree char *rescaled = NULL;
  g_autofree char *padding = NULL;
  char             text[2][G_ASCII_DTOSTR_BUF_SIZE];

  if (grey->modality != NULL)
    note (notes, _ ("Stored values were looked up in the file’s modality table."));
  else if (grey->slope != 1 || grey->intercept != 0)
    {
      rescaled = g_strdup_printf (_ ("Modality value = %s × stored value + %s."), number (text[0], grey->slope), number (text[1], grey->intercept));
      note (notes, rescaled);
    }
  if (!grey->has_padding)
    return;
  padding = g_strdup_printf (_ ("Stored values %d … %d are padding, not picture."), grey->padding_low, grey->padding_high);
  note (notes, padding);
}

/* What is shown and what the encoder gets, where that is not the greys as they are. */
static void
note_values (GString *notes, const struct dino_picture *picture, const struct dino_preparation *preparation)
{
  g_autofree char *shown = describe_values (picture, &preparation->voi);
  g_autofree char *encoded = describe_greys (picture, preparation);
  g_autofree char *shown_note = g_strdup_printf (_ ("Shown: %s."), shown);
  g_autofree char *encoded_note = g_strdup_printf (_ ("Encoder’s input: %s."), encoded);

  if (picture->channels != 1)
    {
      if (preparation->voi.kind != DINO_DISPLAY_AUTO)
        note (notes, _ ("No window is applied: the picture is in colour."));
      if (preparation->model_input != DINO_MODEL_INPUT_MINMAX)
        note (notes, encoded_note);
      return;
    }
  if (picture->bits == 16 || preparation->voi.kind != DINO_DISPLAY_AUTO)
    note (notes, shown_note);
  if (picture->bits == 16 || preparation->model_input != DINO_MODEL_INPUT_MINMAX)
    note (notes, encoded_note);
}

static void
note_inversion (GString *notes, const struct dino_picture *picture, const struct dino_preparation *preparation)
{
  const char      *reason = picture->grey != NULL && picture->grey->monochrome1 ? "MONOCHROME1" : "INVERSE";
  g_autofree char *sentence = NULL;

  if (preparation->invert == DINO_INVERT_YES)
    note (notes, _ ("Greys were inverted, as asked."));
  if (preparation->invert == DINO_INVERT_YES || !dino_display_is_inverted (picture, DINO_INVERT_AUTO))
    return;
  if (preparation->invert == DINO_INVERT_NO)
    sentence = g_strdup_printf (_ ("The file says %s; greys were not inverted, as asked."), reason);
  else if (dino_model_is_inverted (picture, preparation))
    sentence = g_strdup_printf (_ ("Inverted for display and encoder, as the file says (%s)."), reason);
  else
    sentence = g_strdup_printf (_ ("Inverted for display, as the file says (%s), and not for the encoder."), reason);
  note (notes, sentence);
}

char *
dinoscope_study_describe_reading (const struct dino_picture *picture, const struct dino_preparation *preparation, gboolean ignore_exif)
{
  static const struct
  {
    enum dino_picture_note flag;
    const char            *sentence;
  } sentences[] = {
    { DINO_NOTE_ALPHA_DROPPED, N_ ("The alpha channel was left out.") },
    { DINO_NOTE_PALETTE, N_ ("Palette colours were looked up.") },
    { DINO_NOTE_CMYK, N_ ("CMYK was brought to RGB without a colour profile.") },
    { DINO_NOTE_HIGH_BYTE, N_ ("Of 16 bits a colour the upper 8 are used.") },
    { DINO_NOTE_ORIENTED, N_ ("Turned upright as its EXIF orientation says.") },
    { DINO_NOTE_PROFILE_IGNORED, N_ ("Gamma and colour profile in the file are not applied: the stored values are shown.") },
    { DINO_NOTE_EXTRANEOUS_BYTES, N_ ("Stray bytes in the file were skipped; it may be damaged.") },
  };
  g_autoptr (GString) notes = g_string_new (NULL);

  if (picture->grey != NULL)
    note_modality (notes, picture->grey);
  note_values (notes, picture, preparation);
  for (gsize i = 0; i < G_N_ELEMENTS (sentences); i++)
    if ((picture->notes & sentences[i].flag) != 0)
      note (notes, _ (sentences[i].sentence));
  if (ignore_exif && picture->orientation != 1)
    note (notes, _ ("The EXIF orientation was not applied, as asked."));
  note_inversion (notes, picture, preparation);
  return g_string_free (g_steal_pointer (&notes), FALSE);
}
