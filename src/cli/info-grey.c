/* What info says of a picture's values: from stored ones to the greys that are
 * shown and encoded. Attributes that may lead to a person are never printed. */
#include "cli/info.h"

#include "cli/output.h"
#include "core/base/text.h"

#define NUMBER_LENGTH G_ASCII_DTOSTR_BUF_SIZE

static const char *
number (char buffer[NUMBER_LENGTH], double value)
{
  return g_ascii_formatd (buffer, NUMBER_LENGTH, "%.6g", value);
}

static const char *
presentation_name (enum dino_presentation presentation)
{
  switch (presentation)
    {
    case DINO_PRESENTATION_IDENTITY:
      return "IDENTITY";
    case DINO_PRESENTATION_INVERSE:
      return "INVERSE";
    case DINO_PRESENTATION_NONE:
    default:
      return NULL;
    }
}

static json_t *
modality_report (const struct dino_picture *picture)
{
  const struct dino_grey_scale *grey = picture->grey;
  double                        low, high;
  json_t                       *json;

  dino_picture_modality_range (picture, &low, &high);
  if (grey != NULL && grey->modality != NULL)
    json = json_pack ("{s:s, s:I, s:i, s:i}", "kind", "table", "entries", (json_int_t) grey->modality->n, "first", grey->modality->first, "bits", grey->modality->bits);
  else if (grey != NULL && grey->has_rescale)
    json = json_pack ("{s:s, s:f, s:f}", "kind", "rescale", "slope", grey->slope, "intercept", grey->intercept);
  else
    json = json_pack ("{s:s}", "kind", "none");
  json_object_set_new (json, "unit", cli_json_text (grey != NULL ? grey->unit : ""));
  json_object_set_new (json, "range", json_pack ("[f, f]", low, high));
  return json;
}

static json_t *
voi_report (const struct dino_grey_scale *grey)
{
  json_t *list = json_array ();

  for (size_t i = 0; grey != NULL && i < grey->n_voi; i++)
    {
      const struct dino_voi *voi = &grey->voi[i];
      json_t                *json;

      if (voi->lut != NULL)
        json = json_pack ("{s:I, s:s, s:I, s:i, s:i}", "index", (json_int_t) i, "kind", "table", "entries", (json_int_t) voi->lut->n, "first", voi->lut->first, "bits", voi->lut->bits);
      else
        json = json_pack ("{s:I, s:s, s:f, s:f, s:s}", "index", (json_int_t) i, "kind", "window", "center", voi->window.center, "width", voi->window.width,
                          "function", dino_voi_function_name (voi->window.function));
      json_object_set_new (json, "name", cli_json_text (voi->name));
      json_array_append_new (list, json);
    }
  return list;
}

/* Of colour pictures nothing but the inversion can be chosen. */
static json_t *
display_report (DinoscopeStudy *study)
{
  const struct dino_picture     *picture = dinoscope_study_get_picture (study);
  const struct dino_preparation *preparation = dinoscope_study_get_preparation (study);
  struct dino_display            definite = dino_display_resolve (picture, &preparation->voi);
  g_autofree char               *text = dinoscope_study_describe_display (study);
  char                           asked[DINO_DISPLAY_LENGTH], chosen[DINO_DISPLAY_LENGTH];
  struct dino_window             window;
  json_t                        *json;

  json = json_pack ("{s:o, s:b}", "text", cli_json_text (text), "inverted", (int) dino_display_is_inverted (picture, preparation->invert));
  if (picture->channels != 1)
    return json;
  json_object_set_new (json, "window", json_string (dino_display_format (&preparation->voi, asked)));
  json_object_set_new (json, "chosen", json_string (dino_display_format (&definite, chosen)));
  if (!dino_display_is_table (picture, &definite) && dino_display_window (picture, &definite, &window, NULL))
    {
      json_object_set_new (json, "center", json_real (window.center));
      json_object_set_new (json, "width", json_real (window.width));
      json_object_set_new (json, "function", json_string (dino_voi_function_name (window.function)));
    }
  return json;
}

static json_t *
model_input_report (DinoscopeStudy *study)
{
  const struct dino_picture     *picture = dinoscope_study_get_picture (study);
  const struct dino_preparation *preparation = dinoscope_study_get_preparation (study);
  g_autofree char               *text = dinoscope_study_describe_model_input (study);

  return json_pack ("{s:s, s:s, s:b, s:o}", "choice", dino_model_input_name (preparation->model_input), "invert", dino_invert_name (preparation->invert),
                    "inverted", (int) dino_model_is_inverted (picture, preparation), "text", cli_json_text (text));
}

static const char *
spacing_name (enum dino_spacing spacing)
{
  switch (spacing)
    {
    case DINO_SPACING_DETECTOR:
      return "detector";
    case DINO_SPACING_CALIBRATED:
      return "calibrated";
    case DINO_SPACING_PLANE:
      return "plane";
    case DINO_SPACING_UNKNOWN:
    default:
      return NULL;
    }
}

static json_t *
spacing_report (const struct dino_attributes *attributes)
{
  const char *name = attributes != NULL ? spacing_name (attributes->spacing) : NULL;

  if (name == NULL)
    return json_null ();
  return json_pack ("{s:f, s:f, s:s, s:s}", "x", attributes->spacing_x, "y", attributes->spacing_y, "unit", "mm", "at", name);
}

static json_t *
attributes_report (const struct dino_attributes *attributes)
{
  json_t *json = json_object ();

  for (size_t i = 0; attributes != NULL && i < attributes->n; i++)
    if (!attributes->items[i].personal)
      json_object_set_new (json, attributes->items[i].keyword, cli_json_text (attributes->items[i].value));
  return json;
}

void
cli_info_add_grey (json_t *report, DinoscopeStudy *study, const char *stored_sha256)
{
  const struct dino_picture    *picture = dinoscope_study_get_picture (study);
  const struct dino_grey_scale *grey = picture->grey;
  const char                   *presentation = grey != NULL ? presentation_name (grey->presentation) : NULL;

  if (picture->channels == 1)
    {
      json_object_set_new (report, "signed", json_boolean (picture->stored_offset < 0));
      json_object_set_new (report, "stored_sha256", json_string (stored_sha256));
      json_object_set_new (report, "padding", grey != NULL && grey->has_padding ? json_pack ("[i, i]", grey->padding_low, grey->padding_high) : json_null ());
      json_object_set_new (report, "modality", modality_report (picture));
      json_object_set_new (report, "voi", voi_report (grey));
      json_object_set_new (report, "photometric", grey != NULL ? json_string (grey->monochrome1 ? "MONOCHROME1" : "MONOCHROME2") : json_null ());
      json_object_set_new (report, "presentation", presentation != NULL ? json_string (presentation) : json_null ());
    }
  json_object_set_new (report, "display", display_report (study));
  json_object_set_new (report, "model_input", model_input_report (study));
  json_object_set_new (report, "spacing", spacing_report (picture->attributes));
  json_object_set_new (report, "attributes", attributes_report (picture->attributes));
}

static void
print_modality (const struct dino_picture *picture)
{
  const struct dino_grey_scale *grey = picture->grey;
  char                          text[2][NUMBER_LENGTH];
  double                        low, high;

  if (grey->modality != NULL)
    cli_info_line (_ ("Modality LUT"), _ ("table of %zu entries from %d, %d bits"), grey->modality->n, grey->modality->first, grey->modality->bits);
  else if (grey->has_rescale)
    cli_info_line (_ ("Modality LUT"), _ ("slope %s, intercept %s"), number (text[0], grey->slope), number (text[1], grey->intercept));
  else
    cli_info_line (_ ("Modality LUT"), "%s", _ ("none"));
  dino_picture_modality_range (picture, &low, &high);
  cli_info_line (_ ("Modality values"), _ ("%s to %s%s%s"), number (text[0], low), number (text[1], high), *grey->unit != '\0' ? " " : "", grey->unit);
  if (grey->has_padding)
    cli_info_line (_ ("Padding"), _ ("%d to %d, not picture"), grey->padding_low, grey->padding_high);
}

static void
print_offers (const struct dino_picture *picture, const struct dino_preparation *preparation)
{
  const struct dino_grey_scale *grey = picture->grey;
  const char                   *presentation = presentation_name (grey->presentation);
  struct dino_display           shown = dino_display_resolve (picture, &preparation->voi);

  cli_info_line (_ ("Photometric"), "%s%s%s", grey->monochrome1 ? _ ("MONOCHROME1: the smallest value is white") : _ ("MONOCHROME2: the smallest value is black"),
                 presentation != NULL ? ", " : "", presentation != NULL ? presentation : "");
  for (size_t i = 0; i < grey->n_voi; i++)
    {
      g_autofree char *voi = dinoscope_study_describe_voi (&grey->voi[i]);
      g_autofree char *printable = cli_printable (voi);

      cli_info_line (_ ("Offered"), "%zu: %s%s", i, printable, shown.kind == DINO_DISPLAY_FILE && (size_t) shown.voi == i ? _ (", shown") : "");
    }
}

static void
print_attributes (const struct dino_attributes *attributes)
{
  for (size_t i = 0; i < attributes->n; i++)
    {
      g_autofree char *value = NULL;

      if (attributes->items[i].personal)
        continue;
      value = cli_printable (attributes->items[i].value);
      cli_info_line (attributes->items[i].keyword, "%s", value);
    }
}

static void
print_spacing (const struct dino_attributes *attributes)
{
  char x[NUMBER_LENGTH], y[NUMBER_LENGTH];

  number (x, attributes->spacing_x);
  number (y, attributes->spacing_y);
  switch (attributes->spacing)
    {
    case DINO_SPACING_DETECTOR:
      cli_info_line (_ ("Pixel spacing"), _ ("%s x %s mm at detector"), x, y);
      break;
    case DINO_SPACING_CALIBRATED:
      cli_info_line (_ ("Pixel spacing"), _ ("%s x %s mm, calibrated"), x, y);
      break;
    case DINO_SPACING_PLANE:
      cli_info_line (_ ("Pixel spacing"), _ ("%s x %s mm in the plane of the slice"), x, y);
      break;
    case DINO_SPACING_UNKNOWN:
    default:
      cli_info_line (_ ("Pixel spacing"), "%s", _ ("unknown: lengths in px"));
      break;
    }
}

void
cli_info_print_grey (DinoscopeStudy *study)
{
  const struct dino_picture *picture = dinoscope_study_get_picture (study);

  if (picture->grey != NULL)
    {
      print_modality (picture);
      print_offers (picture, dinoscope_study_get_preparation (study));
    }
  if (picture->attributes != NULL)
    {
      print_spacing (picture->attributes);
      print_attributes (picture->attributes);
    }
}
