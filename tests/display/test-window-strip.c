/* The strip: all heads of a block, or all blocks of a head, as small maps. */
#include "engine/scripted-overlay.h"
#include "window-fixture.h"

#include "app/dinoscope-strip-cell.h"

static DinoscopeStrip *
strip_of (WindowFixture *fixture)
{
  return fixture->window->strip;
}

static DinoscopeStripCell *
cell_at (WindowFixture *fixture, guint index)
{
  return DINOSCOPE_STRIP_CELL (dinoscope_strip_get_cell (strip_of (fixture), index));
}

static gboolean
is_filled (WindowFixture *fixture)
{
  return dinoscope_strip_is_filled (strip_of (fixture));
}

static void
set_overlay (WindowFixture *fixture, const char *id)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (id);

  dinoscope_overlay_settings_set_provider (fixture->window->settings, provider);
}

static void
show_strip (WindowFixture *fixture, const char *overlay)
{
  set_overlay (fixture, overlay);
  window_fixture_show_example (fixture, "chest-01.png");
  window_fixture_activate (fixture, "win.show-strip");
  window_fixture_wait (fixture, is_filled);
}

static int
chosen_cell (WindowFixture *fixture)
{
  int chosen = -1;

  for (guint i = 0; i < dinoscope_strip_get_n_cells (strip_of (fixture)); i++)
    if (dinoscope_strip_cell_is_chosen (cell_at (fixture, i)))
      {
        g_assert_cmpint (chosen, ==, -1);
        chosen = (int) i;
      }
  return chosen;
}

/* The map of a cell is the one that the page shows for the same values. */
static void
assert_same_map (WindowFixture *fixture, guint index)
{
  DinoscopeMap          *small = dinoscope_strip_cell_get_map (cell_at (fixture, index));
  const struct dino_map *a, *b;

  window_fixture_wait (fixture, window_has_map);
  g_assert_nonnull (small);
  a = dinoscope_map_get_core (small);
  b = dinoscope_map_get_core (dinoscope_page_get_map (fixture->window->page));
  g_assert_cmpmem (a->values, (gsize) a->width * a->height * sizeof *a->values, b->values, (gsize) b->width * b->height * sizeof *b->values);
}

static char *
dup_string (WindowFixture *fixture, const char *name)
{
  g_autoptr (GVariant) value = dinoscope_overlay_settings_dup_value (fixture->window->settings, name);

  return g_variant_dup_string (value, NULL);
}

static int
get_block (WindowFixture *fixture)
{
  g_autoptr (GVariant) value = dinoscope_overlay_settings_dup_value (fixture->window->settings, "block");

  return g_variant_get_int32 (value);
}

static void
choose (WindowFixture *fixture, guint index)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (cell_at (fixture, index)), "cell.choose", NULL));
}

/* Mean, largest and each head; choosing one sets the parameter and shows its map at once. */
static void
test_heads (WindowFixture *fixture)
{
  const guint      n_heads = 3;
  g_autofree char *head = NULL;

  show_strip (fixture, "cls-attention");
  g_assert_cmpuint (dinoscope_strip_get_n_cells (strip_of (fixture)), ==, 2 + n_heads);
  g_assert_cmpint (chosen_cell (fixture), ==, 0);
  for (guint i = 0; i < 2 + n_heads; i++)
    {
      choose (fixture, i);
      g_assert_true (dinoscope_page_is_map_current (fixture->window->page));
      g_assert_cmpint (chosen_cell (fixture), ==, (int) i);
      assert_same_map (fixture, i);
    }
  head = dup_string (fixture, "head");
  g_assert_cmpstr (head, ==, "2");
}

static void
test_blocks (WindowFixture *fixture)
{
  show_strip (fixture, "cls-attention");
  g_object_set (strip_of (fixture), "of-blocks", TRUE, NULL);
  window_fixture_wait (fixture, is_filled);
  g_assert_cmpuint (dinoscope_strip_get_n_cells (strip_of (fixture)), ==, 6);
  g_assert_cmpint (chosen_cell (fixture), ==, 5);
  choose (fixture, 2);
  g_assert_cmpint (get_block (fixture), ==, 2);
  assert_same_map (fixture, 2);
  /* The parameter may be changed elsewhere. */
  window_fixture_activate (fixture, "win.next-block");
  g_assert_cmpint (chosen_cell (fixture), ==, 3);
}

/* An overlay without heads has its blocks here, and one without either says so. */
static void
test_what_the_overlay_has (WindowFixture *fixture)
{
  g_autoptr (DinoscopeOverlayProvider) scripted = scripted_overlay_new (NULL, NULL);

  show_strip (fixture, "pca");
  g_assert_cmpuint (dinoscope_strip_get_n_cells (strip_of (fixture)), ==, 6);
  g_assert_cmpstr (dinoscope_strip_get_words (strip_of (fixture)), ==, "");
  dinoscope_overlay_settings_set_provider (fixture->window->settings, scripted);
  g_assert_cmpstr (dinoscope_strip_get_words (strip_of (fixture)), !=, "");
}

static void
test_scale (WindowFixture *fixture)
{
  double           low = G_MAXDOUBLE, high = -G_MAXDOUBLE;
  g_autofree char *both = NULL;

  show_strip (fixture, "cls-attention");
  for (guint i = 0; i < dinoscope_strip_get_n_cells (strip_of (fixture)); i++)
    {
      const struct dino_map *map = dinoscope_map_get_core (dinoscope_strip_cell_get_map (cell_at (fixture, i)));

      low = MIN (low, map->low);
      high = MAX (high, map->high);
    }
  both = g_strdup_printf ("%.3g to %.3g\nweight", low, high);
  g_assert_cmpstr (dinoscope_strip_get_scale_text (strip_of (fixture)), ==, both);
  g_object_set (strip_of (fixture), "shared-scale", FALSE, NULL);
  window_fixture_wait (fixture, is_filled);
  g_assert_cmpstr (dinoscope_strip_get_scale_text (strip_of (fixture)), ==, "");
}

static guint
count_maps (WindowFixture *fixture)
{
  guint n = 0;

  for (guint i = 0; i < dinoscope_strip_get_n_cells (strip_of (fixture)); i++)
    n += dinoscope_strip_cell_get_map (cell_at (fixture, i)) != NULL;
  return n;
}

static gboolean
is_empty (WindowFixture *fixture)
{
  return count_maps (fixture) == 0;
}

/* Blocks that are not there have cells, and no maps; the strip has been told before. */
static void
features_changed_cb (DinoscopePage *page, WindowFixture *fixture)
{
  guint done = dinoscope_features_get_blocks_done (dinoscope_page_get_features (page));

  g_assert_cmpuint (dinoscope_strip_get_n_cells (strip_of (fixture)), ==, 6);
  for (guint i = done; i < 6; i++)
    g_assert_null (dinoscope_strip_cell_get_map (cell_at (fixture, i)));
}

static gboolean
is_full (WindowFixture *fixture)
{
  return is_filled (fixture) && count_maps (fixture) == dinoscope_strip_get_n_cells (strip_of (fixture));
}

/* Blocks come while the encoder is at work: cells without a map are there from the start. */
static void
test_fills_in_place (WindowFixture *fixture)
{
  g_autoptr (GFile) file = window_fixture_example ("chest-02.png");

  show_strip (fixture, "cls-attention");
  g_object_set (strip_of (fixture), "of-blocks", TRUE, NULL);
  window_fixture_wait (fixture, is_full);
  window_fixture_open (fixture, file);
  window_fixture_wait (fixture, is_empty);
  g_assert_cmpuint (dinoscope_strip_get_n_cells (strip_of (fixture)), ==, 6);
  g_signal_connect_after (fixture->window->page, "features-changed", G_CALLBACK (features_changed_cb), fixture);
  window_fixture_wait (fixture, is_full);
  window_fixture_wait (fixture, window_has_map);
  assert_same_map (fixture, 5);
}

/* What is hidden asks for nothing, and is remembered as hidden. */
static void
test_hidden (WindowFixture *fixture)
{
  show_strip (fixture, "cls-attention");
  g_assert_true (g_settings_get_boolean (fixture->window->preferences, "show-strip"));
  window_fixture_activate (fixture, "win.show-strip");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (strip_of (fixture))));
  g_assert_false (g_settings_get_boolean (fixture->window->preferences, "show-strip"));
  window_fixture_activate (fixture, "win.next-block");
  g_assert_true (is_filled (fixture));
}

/* Nor do small maps tell what is to be guessed. */
static void
test_concealed (WindowFixture *fixture)
{
  show_strip (fixture, "cls-attention");
  g_assert_cmpstr (dinoscope_strip_get_words (strip_of (fixture)), ==, "");
  g_object_set (fixture->window, "guess-first", TRUE, NULL);
  g_assert_true (dinoscope_page_is_concealed (fixture->window->page));
  g_assert_cmpstr (dinoscope_strip_get_words (strip_of (fixture)), !=, "");
}

static void
test_keys (WindowFixture *fixture)
{
  GtkWidget *strip;

  show_strip (fixture, "cls-attention");
  strip = GTK_WIDGET (strip_of (fixture));
  g_assert_true (gtk_widget_grab_focus (strip));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == GTK_WIDGET (cell_at (fixture, 0)));
  g_assert_true (gtk_widget_child_focus (strip, GTK_DIR_RIGHT));
  g_assert_true (gtk_widget_child_focus (strip, GTK_DIR_RIGHT));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == GTK_WIDGET (cell_at (fixture, 2)));
  /* Tab leaves the list; the controls come before it. */
  g_assert_false (gtk_widget_child_focus (strip, GTK_DIR_TAB_FORWARD));
  g_assert_true (gtk_widget_child_focus (strip, GTK_DIR_TAB_BACKWARD));
  g_assert_false (DINOSCOPE_IS_STRIP_CELL (gtk_window_get_focus (GTK_WINDOW (fixture->window))));
}

static void
assert_words (WindowFixture *fixture, guint index, const char *words)
{
  g_autofree char *wrong = gtk_test_accessible_check_property (GTK_ACCESSIBLE (cell_at (fixture, index)), GTK_ACCESSIBLE_PROPERTY_LABEL, words);

  g_assert_cmpstr (wrong, ==, NULL);
  g_assert_true (gtk_test_accessible_has_role (GTK_ACCESSIBLE (cell_at (fixture, index)), GTK_ACCESSIBLE_ROLE_LIST_ITEM));
}

static void
test_words (WindowFixture *fixture)
{
  show_strip (fixture, "cls-attention");
  choose (fixture, 3);
  assert_words (fixture, 2, "Head 0");
  assert_words (fixture, 3, "Head 1, chosen");
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-strip/heads", NULL, test_heads);
  window_fixture_add ("/window-strip/blocks", NULL, test_blocks);
  window_fixture_add ("/window-strip/what-the-overlay-has", NULL, test_what_the_overlay_has);
  window_fixture_add ("/window-strip/scale", NULL, test_scale);
  window_fixture_add ("/window-strip/fills-in-place", NULL, test_fills_in_place);
  window_fixture_add ("/window-strip/hidden", NULL, test_hidden);
  window_fixture_add ("/window-strip/concealed", NULL, test_concealed);
  window_fixture_add ("/window-strip/keys", NULL, test_keys);
  window_fixture_add ("/window-strip/words", NULL, test_words);
  return g_test_run ();
}
