/* Descriptions of an overlay's parameters, and the values given for them. */
#include <locale.h>
#include <math.h>

#include "engine-support.h"

static DinoscopeParameter *
new_enum (void)
{
  static const char *const choices[] = { "mean", "0", "1", NULL };
  static const char *const titles[] = { "Mean", "First", "Second", NULL };

  return dinoscope_parameter_new_enum ("head", "Head", choices, titles, "mean");
}

static void
assert_parses (DinoscopeParameter *parameter, const char *text, const char *expected)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) value = dinoscope_parameter_parse (parameter, text, &error);
  g_autoptr (GVariant) wanted = g_variant_ref_sink (g_variant_new_parsed (expected));

  g_assert_no_error (error);
  g_assert_false (g_variant_is_floating (value));
  g_assert_cmpvariant (value, wanted);
}

static void
assert_refused (DinoscopeParameter *parameter, const char *text)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) value = dinoscope_parameter_parse (parameter, text, &error);

  g_assert_null (value);
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  g_assert_nonnull (strstr (error->message, dinoscope_parameter_get_name (parameter)));
}

static void
test_parse (void)
{
  g_autoptr (DinoscopeParameter) truth = dinoscope_parameter_new_bool ("norm", "Norm", TRUE);
  g_autoptr (DinoscopeParameter) integer = dinoscope_parameter_new_int ("block", "Block", 0, 11, 11);
  g_autoptr (DinoscopeParameter) real = dinoscope_parameter_new_double ("level", "Level", -2.5, 2.5, 0.5);
  g_autoptr (DinoscopeParameter) choice = new_enum ();
  g_autoptr (DinoscopeParameter) patch = dinoscope_parameter_new_patch ("patch", "Patch");
  g_autoptr (DinoscopeParameter) pins = dinoscope_parameter_new_patches ("pins", "Pins");
  g_autoptr (DinoscopeParameter) file = dinoscope_parameter_new_file ("basis", "Basis");

  assert_parses (truth, "true", "true");
  assert_parses (truth, "off", "false");
  assert_refused (truth, "maybe");
  assert_refused (truth, "");

  assert_parses (integer, "0", "int32 0");
  assert_parses (integer, "11", "int32 11");
  assert_refused (integer, "12");
  assert_refused (integer, "-1");
  assert_refused (integer, "3.0");
  assert_refused (integer, " 3");
  assert_refused (integer, "+3");
  assert_refused (integer, "3x");
  assert_refused (integer, "");
  assert_refused (integer, "99999999999999999999");

  assert_parses (real, "-2.5", "-2.5");
  assert_parses (real, "1e-3", "0.001");
  assert_refused (real, "2.6");
  assert_refused (real, "0,5");
  assert_refused (real, "nan");
  assert_refused (real, "inf");
  assert_refused (real, "");

  assert_parses (choice, "mean", "'mean'");
  assert_parses (choice, "1", "'1'");
  assert_refused (choice, "2");
  assert_refused (choice, "Mean");
  assert_refused (choice, "\xff");

  assert_parses (patch, "12:7", "(12, 7)");
  assert_refused (patch, "12");
  assert_refused (patch, "12:7:1");
  assert_refused (patch, "12:-7");
  assert_refused (patch, "a:b");

  assert_parses (pins, "12:7,13:8", "[(12, 7), (13, 8)]");
  assert_refused (pins, "12:7,");
  assert_refused (pins, "12:7;13:8");

  assert_parses (file, "/some/where", "'/some/where'");
  assert_parses (file, "", "''");
}

/* A decimal point in files and on the command line, whatever the locale. */
static void
test_locale (void)
{
  g_autoptr (DinoscopeParameter) real = dinoscope_parameter_new_double ("level", "Level", 0, 1, 0.5);
  g_autoptr (GError)             error = NULL;
  g_autoptr (GVariant)           high = g_variant_ref_sink (g_variant_new_double (1.25));

  if (setlocale (LC_ALL, "de_DE.UTF-8") == NULL)
    {
      g_test_skip ("no locale de_DE.UTF-8");
      return;
    }
  assert_parses (real, "0.25", "0.25");
  assert_refused (real, "0,25");
  g_assert_false (dinoscope_parameter_check (real, high, &error));
  g_assert_nonnull (strstr (error->message, "1.25"));
  setlocale (LC_ALL, "C.UTF-8");
}

static void
test_check (void)
{
  g_autoptr (DinoscopeParameter) integer = dinoscope_parameter_new_int ("block", "Block", 0, 11, 11);
  g_autoptr (DinoscopeParameter) pins = dinoscope_parameter_new_patches ("pins", "Pins");
  g_autoptr (DinoscopeParameter) real = dinoscope_parameter_new_double ("level", "Level", 0, 1, 0.5);
  g_autoptr (GVariant)           nan = g_variant_ref_sink (g_variant_new_double (NAN));
  g_autoptr (GError)             nan_error = NULL;
  g_autoptr (GVariant)           text = g_variant_ref_sink (g_variant_new_string ("3"));
  g_autoptr (GVariant)           bad_pins = g_variant_ref_sink (g_variant_new_parsed ("[(0, 1), (-1, 2)]"));
  g_autoptr (GError)             type_error = NULL;
  g_autoptr (GError)             patch_error = NULL;

  g_assert_false (dinoscope_parameter_check (integer, text, &type_error));
  g_assert_error (type_error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  g_assert_false (dinoscope_parameter_check (real, nan, &nan_error));
  g_assert_error (nan_error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  g_assert_false (dinoscope_parameter_check (pins, bad_pins, &patch_error));
  g_assert_error (patch_error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
}

static GListModel *
new_list (void)
{
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) integer = dinoscope_parameter_new_int ("block", "Block", 0, 11, 11);
  g_autoptr (DinoscopeParameter) real = dinoscope_parameter_new_double ("level", "Level", -10, 10, 0.5);
  g_autoptr (DinoscopeParameter) choice = new_enum ();

  dinoscope_parameter_set_optional (real, TRUE);
  g_list_store_append (list, integer);
  g_list_store_append (list, real);
  g_list_store_append (list, choice);
  return G_LIST_MODEL (list);
}

static void
assert_completes (GListModel *list, const char *values, const char *expected)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) given = values == NULL ? NULL : g_variant_ref_sink (g_variant_new_parsed (values));
  g_autoptr (GVariant) wanted = g_variant_ref_sink (g_variant_new_parsed (expected));
  g_autoptr (GVariant) complete = dinoscope_parameters_complete (list, given, &error);

  g_assert_no_error (error);
  g_assert_false (g_variant_is_floating (complete));
  g_assert_cmpvariant (complete, wanted);
}

static void
assert_not_completed (GListModel *list, const char *values, const char *name)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (GVariant) given = g_variant_ref_sink (g_variant_new_parsed (values));
  g_autoptr (GVariant) complete = dinoscope_parameters_complete (list, given, &error);

  g_assert_null (complete);
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
  g_assert_nonnull (strstr (error->message, name));
}

static void
test_complete (void)
{
  g_autoptr (GListModel)         list = new_list ();
  g_autoptr (DinoscopeParameter) level = g_list_model_get_item (list, 1);

  g_assert_null (dinoscope_parameter_get_default (level));
  assert_completes (list, NULL, "{'block': <11>, 'head': <'mean'>}");
  assert_completes (list, "{'head': <'1'>, 'block': <3>}", "{'block': <3>, 'head': <'1'>}");
  assert_completes (list, "{'level': <0.25>}", "{'block': <11>, 'level': <0.25>, 'head': <'mean'>}");
  /* A whole number stands for a real one. */
  assert_completes (list, "{'level': <3>}", "{'block': <11>, 'level': <3.0>, 'head': <'mean'>}");
  assert_not_completed (list, "{'haed': <'1'>}", "haed");
  assert_not_completed (list, "{'block': <12>}", "block");
  assert_not_completed (list, "{'block': <3.0>}", "block");
  assert_not_completed (list, "{'block': <3>, 'block': <4>}", "twice");
  assert_not_completed (list, "['block']", "dictionary");
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parameter/parse", test_parse);
  g_test_add_func ("/parameter/locale", test_locale);
  g_test_add_func ("/parameter/check", test_check);
  g_test_add_func ("/parameter/complete", test_complete);
  return g_test_run ();
}
