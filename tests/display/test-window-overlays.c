/* Every overlay with every value of its parameters, in the whole window: each
 * gives a map of its own, and taking the last step back gives the one before. */
#include "window-fixture.h"

#include "app/dinoscope-page-private.h"

static DinoscopeOverlaySettings *
get_settings (WindowFixture *fixture)
{
  return dinoscope_window_get_settings (fixture->window);
}

/* The values to be tried, of a(v): the ends of a range, every choice. Files and
 * what refers to other pictures have tests of their own. */
static GVariant *
list_values (DinoscopeParameter *parameter)
{
  GVariantBuilder    values = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  const char *const *choices = dinoscope_parameter_get_choices (parameter);
  double             low, high;

  switch (dinoscope_parameter_get_parameter_type (parameter))
    {
    case DINOSCOPE_PARAMETER_BOOL:
      g_variant_builder_add (&values, "v", g_variant_new_boolean (FALSE));
      g_variant_builder_add (&values, "v", g_variant_new_boolean (TRUE));
      break;
    case DINOSCOPE_PARAMETER_INT:
      dinoscope_parameter_get_range (parameter, &low, &high);
      /* Of the patch grid only the first rows and columns are there for certain. */
      g_variant_builder_add (&values, "v", g_variant_new_int32 ((int) low));
      g_variant_builder_add (&values, "v", g_variant_new_int32 ((int) MIN (high, 5)));
      break;
    case DINOSCOPE_PARAMETER_DOUBLE:
      dinoscope_parameter_get_range (parameter, &low, &high);
      g_variant_builder_add (&values, "v", g_variant_new_double (low < 0 ? 0.5 : low + 0.5 * (high - low)));
      break;
    case DINOSCOPE_PARAMETER_ENUM:
      for (gsize i = 0; choices[i] != NULL; i++)
        if (!g_str_has_prefix (choices[i], "reference"))
          g_variant_builder_add (&values, "v", g_variant_new_string (choices[i]));
      break;
    case DINOSCOPE_PARAMETER_PATCH:
      g_variant_builder_add (&values, "v", g_variant_new ("(ii)", 3, 4));
      break;
    case DINOSCOPE_PARAMETER_PATCHES:
      g_variant_builder_add (&values, "v", g_variant_new_parsed ("[(3, 4), (10, 12)]"));
      break;
    case DINOSCOPE_PARAMETER_FILE:
    default:
      break;
    }
  return g_variant_ref_sink (g_variant_builder_end (&values));
}

static void
assert_map (WindowFixture *fixture, const char *what)
{
  DinoscopePage *page = dinoscope_window_get_page (fixture->window);

  g_test_message ("%s", what);
  window_fixture_wait (fixture, window_has_map);
  g_assert_nonnull (dinoscope_page_get_map (page));
  g_assert_cmpstr (dinoscope_map_get_title (dinoscope_page_get_map (page)), !=, "");
  g_assert_cmpstr (dinoscope_map_get_legend (dinoscope_page_get_map (page)), !=, "");
}

static void
try_values (WindowFixture *fixture, DinoscopeOverlayProvider *provider, DinoscopeParameter *parameter)
{
  const char          *name = dinoscope_parameter_get_name (parameter);
  g_autoptr (GVariant) before = dinoscope_overlay_settings_dup_value (get_settings (fixture), name);
  g_autoptr (GVariant) values = list_values (parameter);

  for (gsize i = 0; i < g_variant_n_children (values); i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (values, i);
      g_autoptr (GVariant) value = g_variant_get_variant (boxed);
      g_autofree char     *text = g_variant_print (value, FALSE);
      g_autofree char     *what = g_strdup_printf ("%s %s=%s", dinoscope_overlay_provider_get_id (provider), name, text);
      g_autoptr (GVariant) now = NULL;

      dinoscope_overlay_settings_set_value (get_settings (fixture), name, value);
      assert_map (fixture, what);
      now = dinoscope_overlay_settings_dup_value (get_settings (fixture), name);
      g_assert_cmpvariant (now, value);
    }
  dinoscope_overlay_settings_set_value (get_settings (fixture), name, before);
  assert_map (fixture, name);
}

static void
test_every_value (WindowFixture *fixture)
{
  g_autoptr (GListModel) providers = dinoscope_overlays_list ();

  window_fixture_show_example (fixture, "chest-01.png");
  g_assert_cmpuint (g_list_model_get_n_items (providers), >=, 9);
  for (guint i = 0; i < g_list_model_get_n_items (providers); i++)
    {
      g_autoptr (DinoscopeOverlayProvider) provider = g_list_model_get_item (providers, i);
      g_autoptr (GListModel)               parameters = NULL;

      dinoscope_overlay_settings_set_provider (get_settings (fixture), provider);
      assert_map (fixture, dinoscope_overlay_provider_get_id (provider));
      parameters = g_object_ref (dinoscope_overlay_settings_get_parameters (get_settings (fixture)));
      for (guint p = 0; p < g_list_model_get_n_items (parameters); p++)
        {
          g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (parameters, p);

          try_values (fixture, provider, parameter);
        }
    }
}

/* Marks stay while overlays change, and lead those that ask for a place. */
static void
test_marks_stay (WindowFixture *fixture)
{
  DinoscopePage                       *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeMarks                      *marks = dinoscope_page_get_marks (page);
  g_autoptr (DinoscopeOverlayProvider) similarity = dinoscope_overlays_find ("similarity");
  g_autoptr (DinoscopeOverlayProvider) attention = dinoscope_overlays_find ("patch-attention");
  g_autoptr (GVariant)                 row = NULL;
  g_autoptr (GVariant)                 column = NULL;
  g_autoptr (GVariant)                 pins = NULL;
  g_autofree char                     *text = NULL;

  dinoscope_marks_set_cursor (marks, 7, 9);
  dinoscope_marks_toggle_pin (marks, 7, 9);
  dinoscope_marks_toggle_pin (marks, 20, 21);
  dinoscope_overlay_settings_set_provider (get_settings (fixture), similarity);
  window_fixture_wait (fixture, window_has_map);
  pins = dinoscope_overlay_settings_dup_value (get_settings (fixture), "pins");
  text = g_variant_print (pins, FALSE);
  g_assert_cmpstr (text, ==, "[(7, 9), (20, 21)]");
  g_assert_nonnull (strstr (dinoscope_map_get_title (dinoscope_page_get_map (page)), "2 patches"));

  dinoscope_overlay_settings_set_provider (get_settings (fixture), attention);
  window_fixture_wait (fixture, window_has_map);
  row = dinoscope_overlay_settings_dup_value (get_settings (fixture), "row");
  column = dinoscope_overlay_settings_dup_value (get_settings (fixture), "column");
  g_assert_cmpint (g_variant_get_int32 (row), ==, 7);
  g_assert_cmpint (g_variant_get_int32 (column), ==, 9);
  g_assert_cmpuint (dinoscope_marks_get_n_pins (marks), ==, 2);
}

int
main (int argc, char **argv)
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-overlays/every-value", NULL, test_every_value);
  window_fixture_add ("/window-overlays/marks-stay", NULL, test_marks_stay);
  return g_test_run ();
}
