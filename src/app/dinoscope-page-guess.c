/* DinoscopePage: the map stays hidden until somebody marked a guess. */
#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "app/dinoscope-page-private.h"

/* The region that is chosen, else the patch cursor. */
static gboolean
find_guess (DinoscopePage *self, DinoscopeGuess *guess)
{
  int                    index = dinoscope_regions_get_selected (self->regions);
  const DinoscopeRegion *region = index >= 0 ? dinoscope_regions_get (self->regions, (guint) index) : NULL;
  DinoscopePatch         cursor;

  if (region != NULL)
    {
      *guess = (DinoscopeGuess){ .shape = region->shape, .box = region->box };
      return TRUE;
    }
  if (!self->has_geometry || !dinoscope_marks_get_cursor (self->marks, &cursor))
    return FALSE;
  *guess = (DinoscopeGuess){ .shape = DINO_SHAPE_BOX, .box = dino_geometry_patch (&self->geometry, cursor.row, cursor.column), .is_patch = TRUE, .row = cursor.row, .column = cursor.column };
  return TRUE;
}

/* The guess stays on the picture, whatever the patch cursor does. */
static void
outline_guess (DinoscopePage *self)
{
  int index = self->guess.is_patch ? dinoscope_regions_add (self->regions, DINO_SHAPE_BOX, self->guess.box, NULL) : dinoscope_regions_get_selected (self->regions);

  if (index >= 0 && dinoscope_regions_get (self->regions, (guint) index)->label[0] == '\0')
    dinoscope_regions_set_label (self->regions, (guint) index, _ ("Guess"));
}

static void
update_card (DinoscopePage *self)
{
  g_autofree char *text = NULL;
  DinoscopeGuess   guess;

  gtk_widget_set_visible (GTK_WIDGET (self->guess_card), self->concealed || self->guess_told);
  if (self->concealed)
    {
      dinoscope_guess_card_ask (self->guess_card, find_guess (self, &guess));
    }
  else if (self->guess_told)
    {
      text = dinoscope_guess_describe (&self->guess, dinoscope_page_is_map_current (self) ? self->map : NULL);
      dinoscope_guess_card_tell (self->guess_card, text);
    }
}

static gboolean
was_guessed (DinoscopePage *self)
{
  return g_hash_table_contains (self->guessed, dinoscope_study_get_sha256 (self->study));
}

static void
set_concealed (DinoscopePage *self, gboolean concealed)
{
  if (self->concealed == concealed)
    return;
  self->concealed = concealed;
  if (!concealed)
    g_object_set (self->canvas, "marking-boxes", FALSE, NULL);
  dinoscope_page_apply_style (self);
  dinoscope_page_notify (self, DINOSCOPE_PAGE_PROP_MAP);
  dinoscope_page_notify (self, DINOSCOPE_PAGE_PROP_CONCEALED);
  dinoscope_page_readout_changed (self);
}

/* Another picture, or another wish: before a map can be there. */
void
dinoscope_page_update_guess (DinoscopePage *self)
{
  gboolean wanted = FALSE;

  if (self->settings != NULL)
    g_object_get (self->settings, "guess-first", &wanted, NULL);
  if (!wanted || self->study == NULL || !g_str_equal (dinoscope_study_get_sha256 (self->study), self->guess_sha256))
    self->guess_told = FALSE;
  set_concealed (self, wanted && self->study != NULL && !was_guessed (self));
  update_card (self);
}

static void
reveal_cb (DinoscopePage *self)
{
  dinoscope_page_reveal (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
}

static void
closed_cb (DinoscopePage *self)
{
  self->guess_told = FALSE;
  update_card (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->canvas));
}

void
dinoscope_page_guess_init (DinoscopePage *self)
{
  self->guessed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->guess_sha256 = g_strdup ("");
  g_signal_group_connect_swapped (self->settings_signals, "notify::guess-first", G_CALLBACK (dinoscope_page_update_guess), self);
  g_signal_connect_object (self->regions, "changed", G_CALLBACK (update_card), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->marks, "cursor-changed", G_CALLBACK (update_card), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::map", G_CALLBACK (update_card), NULL);
  g_object_bind_property (self->canvas, "marking-boxes", self->guess_card, "marking-boxes", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_signal_connect_object (self->guess_card, "reveal", G_CALLBACK (reveal_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->guess_card, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  update_card (self);
}

void
dinoscope_page_guess_finalize (DinoscopePage *self)
{
  g_hash_table_unref (self->guessed);
  g_free (self->guess_sha256);
}

void
dinoscope_page_reveal (DinoscopePage *self)
{
  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (!self->concealed)
    return;
  if (!find_guess (self, &self->guess))
    {
      dinoscope_page_tell (self, _ ("Mark where you would look first: a patch or a box."));
      return;
    }
  g_free (self->guess_sha256);
  self->guess_sha256 = g_strdup (dinoscope_study_get_sha256 (self->study));
  g_hash_table_add (self->guessed, g_strdup (self->guess_sha256));
  self->guess_told = TRUE;
  outline_guess (self);
  set_concealed (self, FALSE);
  update_card (self);
}

gboolean
dinoscope_page_is_concealed (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), FALSE);

  return self->concealed;
}

const DinoscopeGuess *
dinoscope_page_get_guess (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  return self->guess_told ? &self->guess : NULL;
}
