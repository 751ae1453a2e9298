/* Parameters that several built-in overlays have. */
#include "engine/dinoscope-overlays-private.h"

#include "core/base/text.h"

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
