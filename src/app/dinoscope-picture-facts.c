#include "app/dinoscope-picture-facts.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/dinoscope-attribute-words.h"
#include "app/dinoscope-measure.h"

/* The name of such a file is often the patient's. */
static gboolean
is_dicom (const struct dino_picture *picture)
{
  return strcmp (picture->format, "DICOM") == 0;
}

static const struct dino_attribute *
get_attribute (const struct dino_attributes *attributes, gsize i)
{
  const struct dino_attribute *item = &attributes->items[i];

  return item->keyword != NULL && item->value != NULL && item->value[0] != '\0' ? item : NULL;
}

static void
tell_attribute (const struct dino_attribute *item, DinoscopeFactFunc func, gpointer user_data)
{
  g_autofree char *title = dinoscope_attribute_title (item->keyword);
  g_autofree char *value = dinoscope_attribute_value (item->keyword, item->value);

  func (title, value, user_data);
}

/* Those that readers look for first come first, the others in the order of the file. */
static void
tell_attributes (const struct dino_attributes *attributes, DinoscopeFactFunc func, gpointer user_data)
{
  guint last = dinoscope_attribute_rank ("");

  for (guint rank = 0; attributes != NULL && rank <= last; rank++)
    for (gsize i = 0; i < attributes->n; i++)
      {
        const struct dino_attribute *item = get_attribute (attributes, i);

        if (item != NULL && !item->personal && dinoscope_attribute_rank (item->keyword) == rank)
          tell_attribute (item, func, user_data);
      }
}

static void
tell_file (DinoscopeStudy *study, DinoscopeFactFunc func, gpointer user_data)
{
  const struct dino_picture *picture = dinoscope_study_get_picture (study);
  g_autofree char           *size = g_strdup_printf (_ ("%d × %d px"), picture->width, picture->height);
  g_autofree char           *kind = g_strdup_printf ("%s, %s", picture->format, picture->mode);
  g_autofree char           *spacing = dinoscope_spacing_describe (dinoscope_spacing_of (picture->attributes));

  if (!is_dicom (picture))
    func (_ ("Name"), dinoscope_study_get_name (study), user_data);
  func (_ ("Size"), size, user_data);
  func (_ ("Kind"), kind, user_data);
  func (_ ("Spacing of pixels"), spacing, user_data);
  tell_attributes (picture->attributes, func, user_data);
}

/* Values. */

static char *
describe_modality (const struct dino_grey_scale *grey)
{
  g_autofree char *slope = NULL;
  g_autofree char *intercept = NULL;

  if (grey == NULL || (grey->modality == NULL && !grey->has_rescale))
    return g_strdup (_ ("None: stored values"));
  if (grey->modality != NULL)
    return g_strdup_printf (_ ("Table of %zu entries"), grey->modality->n);
  slope = dinoscope_format_value (grey->slope);
  intercept = dinoscope_format_value (fabs (grey->intercept));
  return g_strdup_printf (grey->intercept < 0 ? _ ("Stored value × %s \u2212 %s") : _ ("Stored value × %s + %s"), slope, intercept);
}

static void
tell_range (const struct dino_picture *picture, DinoscopeFactFunc func, gpointer user_data)
{
  g_autofree char *stored = g_strdup_printf (_ ("%d to %d"), picture->low + picture->stored_offset, picture->high + picture->stored_offset);
  g_autofree char *modality = NULL;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  double           low, high;

  func (_ ("Stored values"), stored, user_data);
  if (picture->grey == NULL)
    return;
  dino_picture_modality_range (picture, &low, &high);
  from = dinoscope_format_value (low);
  to = dinoscope_format_value (high);
  modality = g_strdup_printf (_ ("%s to %s %s"), from, to, picture->grey->unit);
  func (_ ("Modality values"), g_strchomp (modality), user_data);
}

static void
tell_applied (const DinoscopeShownPicture *shown, DinoscopeFactFunc func, gpointer user_data)
{
  const struct dino_picture *picture = dinoscope_study_get_picture (shown->study);
  g_autofree char           *modality = describe_modality (picture->grey);
  g_autofree char           *display = dinoscope_study_describe_display (shown->study);
  g_autofree char           *model = dinoscope_study_describe_model_input (shown->study);

  if (picture->channels == 1)
    func (_ ("Modality step, for both"), modality, user_data);
  func (_ ("Applied for the display"), shown->display != NULL ? shown->display : display, user_data);
  func (_ ("Applied for the model"), model, user_data);
}

static void
tell_geometry (const struct dino_geometry *geometry, DinoscopeFactFunc func, gpointer user_data)
{
  struct dino_box  seen = dino_geometry_seen (geometry);
  struct dino_box  patch = dino_geometry_patch (geometry, 0, 0);
  g_autofree char *share = g_strdup_printf (_ ("%.1f\u202f%% of the picture\nx %.0f to %.0f, y %.0f to %.0f px"),
                                            100 * dino_geometry_seen_share (geometry), seen.x0, seen.x1, seen.y0, seen.y1);
  g_autofree char *input = g_strdup_printf (_ ("%d × %d px, %d × %d patches"), geometry->input_width, geometry->input_height, geometry->columns, geometry->rows);
  g_autofree char *size = g_strdup_printf (_ ("%.2f × %.2f px of the picture"), patch.x1 - patch.x0, patch.y1 - patch.y0);

  func (_ ("Seen by the model"), share, user_data);
  func (_ ("Input of the model"), input, user_data);
  func (_ ("A patch covers"), size, user_data);
}

void
dinoscope_facts_of_picture (const DinoscopeShownPicture *shown, DinoscopeFactFunc func, gpointer user_data)
{
  const char *notes = dinoscope_study_get_notes (shown->study);

  tell_file (shown->study, func, user_data);
  tell_range (dinoscope_study_get_picture (shown->study), func, user_data);
  tell_applied (shown, func, user_data);
  if (notes[0] != '\0')
    func (_ ("Notes"), notes, user_data);
  if (shown->geometry != NULL)
    tell_geometry (shown->geometry, func, user_data);
  func (_ ("Pixels (sha256)"), dinoscope_study_get_sha256 (shown->study), user_data);
}

void
dinoscope_facts_of_patient (DinoscopeStudy *study, DinoscopeFactFunc func, gpointer user_data)
{
  const struct dino_picture    *picture = dinoscope_study_get_picture (study);
  const struct dino_attributes *attributes = picture->attributes;

  if (is_dicom (picture))
    func (_ ("File name"), dinoscope_study_get_name (study), user_data);
  for (gsize i = 0; attributes != NULL && i < attributes->n; i++)
    {
      const struct dino_attribute *item = get_attribute (attributes, i);

      if (item != NULL && item->personal)
        tell_attribute (item, func, user_data);
    }
}

static void
count_cb (const char *title, const char *value, gpointer user_data)
{
  (*(guint *) user_data)++;
}

gboolean
dinoscope_facts_has_patient (DinoscopeStudy *study)
{
  guint n = 0;

  dinoscope_facts_of_patient (study, count_cb, &n);
  return n > 0;
}
