#include "app/dinoscope-canvas-private.h"

#include <glib/gi18n-lib.h>

static char *
describe_map (DinoscopeCanvas *self)
{
  if (self->map.map == NULL || !self->map_visible || self->peeking)
    return g_strdup (_ ("No map."));
  return g_strdup (self->map.words);
}

static char *
describe_selection (DinoscopeCanvas *self)
{
  if (self->selected_row < 0)
    return g_strdup (_ ("No patch is selected."));
  return g_strdup_printf (_ ("Selected patch: row %d, column %d."), self->selected_row, self->selected_column);
}

/* What there is of sentences, one after the other. */
static char *
join (const char *const sentences[], gsize n)
{
  g_autoptr (GPtrArray) said = g_ptr_array_new ();

  for (gsize i = 0; i < n; i++)
    if (sentences[i] != NULL)
      g_ptr_array_add (said, (gpointer) sentences[i]);
  g_ptr_array_add (said, NULL);
  return g_strjoinv (" ", (char **) said->pdata);
}

/* What a screen reader says beyond the name of the picture. */
static char *
describe (DinoscopeCanvas *self)
{
  g_autofree char *zoom = NULL;
  g_autofree char *map = NULL;
  g_autofree char *selection = NULL;
  g_autofree char *distances = NULL;
  g_autofree char *regions = NULL;
  g_autofree char *scribbles = NULL;

  if (self->study == NULL)
    return g_strdup (_ ("No picture is open."));

  if (dinoscope_canvas_model_is_shown (self))
    zoom = g_strdup_printf (_ ("Shown as the model sees it. Zoom %.0f %%."), 100 * dinoscope_view_resolution (&self->view));
  else
    zoom = g_strdup_printf (_ ("Zoom %.0f %%."), 100 * dinoscope_view_resolution (&self->view));
  map = describe_map (self);
  selection = describe_selection (self);
  distances = dinoscope_canvas_measure_describe (self);
  regions = dinoscope_canvas_regions_describe (self);
  scribbles = dinoscope_canvas_scribbles_describe (self);
  {
    const char *const sentences[] = { zoom, map, selection, distances, regions, scribbles };

    return join (sentences, G_N_ELEMENTS (sentences));
  }
}

void
dinoscope_canvas_update_description (DinoscopeCanvas *self)
{
  g_autofree char *description = describe (self);

  if (g_strcmp0 (description, self->told_description) == 0)
    return;

  g_free (self->told_description);
  self->told_description = g_steal_pointer (&description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  self->told_description,
                                  -1);
}

void
dinoscope_canvas_update_label (DinoscopeCanvas *self)
{
  g_autofree char *label = self->study != NULL ? dinoscope_study_dup_title (self->study) : g_strdup (_ ("Radiograph"));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}
