/* Maps in words. */
#include <gio/gio.h>

#include "app/dinoscope-map-words.h"
#include "core/base/memory.h"

static DinoscopeMap *
make_map (int width, int height, int channels, float low, const char *title)
{
  struct dino_map *core = dino_map_new (width, height, channels, NULL);

  g_assert_nonnull (core);
  for (int i = 0; i < width * height * channels; i++)
    core->values[i] = low;
  g_strlcpy (core->title, title, sizeof core->title);
  return dinoscope_map_new (core);
}

static float *
values_of (DinoscopeMap *map)
{
  return ((struct dino_map *) dinoscope_map_get_core (map))->values;
}

static void
assert_words (DinoscopeMap *map, const char *expected)
{
  g_autofree char *words = dinoscope_map_describe (map);

  g_assert_cmpstr (words, ==, expected);
}

static void
test_places (void)
{
  g_autoptr (DinoscopeMap) map = make_map (9, 9, 1, 0, "Attention");

  values_of (map)[8] = 0.25f;
  values_of (map)[4 * 9 + 4] = 0.125f;
  values_of (map)[8 * 9] = 0.125f;
  assert_words (map, "Map: Attention. Largest 0.25 at row 0, column 8, upper right; smallest 0 at row 8, column 8, lower right. Half of its sum lies in 1 of 81 patches.");
  /* Equal values: the first in the order of reading. */
  values_of (map)[8] = 0.125f;
  assert_words (map, "Map: Attention. Largest 0.125 at row 0, column 8, upper right; smallest 0 at row 8, column 8, lower right. Half of its sum lies in 2 of 81 patches.");
}

/* Shares of a sum mean nothing where values have signs. */
static void
test_signed (void)
{
  g_autoptr (DinoscopeMap) map = make_map (3, 3, 1, 0, "PC1");

  values_of (map)[4] = -2;
  values_of (map)[6] = 1.5f;
  assert_words (map, "Map: PC1. Largest 1.5 at row 2, column 0, lower left; smallest -2 at row 1, column 1, middle.");
}

static void
test_valid (void)
{
  g_autoptr (DinoscopeMap) map = make_map (2, 1, 1, 1, "Parts");
  struct dino_map         *core = (struct dino_map *) dinoscope_map_get_core (map);

  core->valid = dino_alloc (2, 1, NULL);
  core->valid[0] = 0;
  core->valid[1] = 0;
  assert_words (map, "Map: Parts. It has no values here.");
  core->valid[1] = 1;
  assert_words (map, "Map: Parts. Largest 1 at row 0, column 1, upper middle; smallest 1 at row 0, column 1, upper middle. Half of its sum lies in 1 of 1 patch.");
}

/* Tokens that have no place in the picture. */
static void
test_tokens (void)
{
  g_autoptr (DinoscopeMap) map = make_map (1, 1, 1, 1, "Rollout");
  struct dino_map         *core = (struct dino_map *) dinoscope_map_get_core (map);

  g_assert_true (dino_map_add_cells (core, 2, NULL));
  g_strlcpy (core->cells[0].label, "CLS", sizeof core->cells[0].label);
  core->cells[0].value = 0.5f;
  g_strlcpy (core->cells[1].label, "R0", sizeof core->cells[1].label);
  core->cells[1].value = 0.0625f;
  assert_words (map, "Map: Rollout. Largest 1 at row 0, column 0, upper left; smallest 1 at row 0, column 0, upper left. Half of its sum lies in 1 of 1 patch. Beside the map: CLS 0.5, R0 0.0625.");
}

static void
test_components (void)
{
  g_autoptr (DinoscopeMap) map = make_map (2, 2, 3, 1, "PCA");
  struct dino_map         *core = (struct dino_map *) dinoscope_map_get_core (map);

  g_strlcpy (core->component_names[0], "PC1 38 %", sizeof core->component_names[0]);
  g_strlcpy (core->component_names[1], "PC2 12 %", sizeof core->component_names[1]);
  g_strlcpy (core->component_names[2], "PC3 9 %", sizeof core->component_names[2]);
  assert_words (map, "Map: PCA. Red, green and blue are PC1 38 %, PC2 12 % and PC3 9 %.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/map-words/places", test_places);
  g_test_add_func ("/map-words/signed", test_signed);
  g_test_add_func ("/map-words/valid", test_valid);
  g_test_add_func ("/map-words/tokens", test_tokens);
  g_test_add_func ("/map-words/components", test_components);
  return g_test_run ();
}
