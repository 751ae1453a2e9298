/* Parameters that several built-in overlays have, and what they say with them. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"
#include "core/maps/attention-maps.h"

DinoscopeParameter *
dinoscope_overlays_new_block_parameter (DinoscopeModel *model)
{
  int last = (int) dinoscope_model_get_n_blocks (model) - 1;

  return dinoscope_parameter_new_int ("block", _ ("Block"), 0, last, last);
}

DinoscopeParameter *
dinoscope_overlays_new_numbered_parameter (const char *name, const char *title, const char *const *words, const char *const *word_titles, guint n, DinoscopeNumberTitle number_title)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) titles = g_strv_builder_new ();
  g_auto (GStrv)           choices = NULL;
  g_auto (GStrv)           choice_titles = NULL;

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_strv_builder_add (names, words[i]);
      g_strv_builder_add (titles, word_titles[i]);
    }
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);
      g_autofree char *called = number_title (i);

      g_strv_builder_add (names, number);
      g_strv_builder_add (titles, called);
    }
  choices = g_strv_builder_end (names);
  choice_titles = g_strv_builder_end (titles);
  return dinoscope_parameter_new_enum (name, title, (const char *const *) choices, (const char *const *) choice_titles, words[0]);
}

static char *
head_title (guint index)
{
  return g_strdup_printf (_ ("Head %u"), index);
}

DinoscopeParameter *
dinoscope_overlays_new_head_parameter (DinoscopeModel *model)
{
  const char *const words[] = { "mean", "max", NULL };
  const char *const titles[] = { _ ("Mean of all heads"), _ ("Largest of all heads") };

  return dinoscope_overlays_new_numbered_parameter ("head", _ ("Head"), words, titles, dinoscope_model_get_n_heads (model), head_title);
}

int
dinoscope_overlays_read_head (GVariant *parameters)
{
  const char *head = "mean";

  g_variant_lookup (parameters, "head", "&s", &head);
  if (strcmp (head, "mean") == 0)
    return DINO_HEAD_MEAN;
  if (strcmp (head, "max") == 0)
    return DINO_HEAD_MAX;
  return (int) g_ascii_strtoll (head, NULL, 10);
}

/* Any square picture has the grid of the processor's own crop. */
#define SQUARE 1000

static void
find_middle (DinoscopeModel *model, int *row, int *column)
{
  const struct dino_model *core = dinoscope_model_get_core (model);
  struct dino_geometry     geometry;

  *row = *column = 0;
  if (!dino_geometry_init (&geometry, dino_model_processor (core), dino_model_config (core)->patch_size, SQUARE, SQUARE, DINO_FIT_CROP, 0, NULL))
    return;
  *row = geometry.rows / 2;
  *column = geometry.columns / 2;
}

DinoscopeParameter *
dinoscope_overlays_new_row_parameter (DinoscopeModel *model)
{
  int row, column;

  find_middle (model, &row, &column);
  return dinoscope_parameter_new_int ("row", _ ("Row"), 0, DINO_MAP_MAX_SIDE - 1, row);
}

DinoscopeParameter *
dinoscope_overlays_new_column_parameter (DinoscopeModel *model)
{
  int row, column;

  find_middle (model, &row, &column);
  return dinoscope_parameter_new_int ("column", _ ("Column"), 0, DINO_MAP_MAX_SIDE - 1, column);
}

gboolean
dinoscope_overlays_has_word (GVariant *parameters, const char *name, const char *word)
{
  const char *value = "";

  g_variant_lookup (parameters, name, "&s", &value);
  return strcmp (value, word) == 0;
}

void
dinoscope_overlays_need_tokens (DinoscopeModel *model, GVariant *parameters, gboolean are_tokens, DinoscopeOverlayNeeds *needs)
{
  int      block = 0;
  gboolean norm = FALSE;

  g_variant_lookup (parameters, "block", "i", &block);
  g_variant_lookup (parameters, "norm", "b", &norm);
  /* The normalised tokens of the last block are the model's output, which is there even when no block was kept. */
  if (norm && are_tokens && block == (int) dinoscope_model_get_n_blocks (model) - 1)
    needs->output = TRUE;
  else
    needs->last_block = block;
}
