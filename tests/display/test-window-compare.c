/* Several views beside each other: links, the slider, references, closing, moving. */
#include "window-fixture.h"

#include <math.h>

#include "app/dinoscope-board-private.h"
#include "app/dinoscope-canvas-private.h"
#include "app/dinoscope-compare-model.h"
#include "app/dinoscope-page-private.h"

static DinoscopeBoard *
get_board (WindowFixture *fixture)
{
  return fixture->window->board;
}

static DinoscopePage *
get_view (WindowFixture *fixture, guint index)
{
  return dinoscope_board_get_page (get_board (fixture), index);
}

static gboolean
all_have_maps (WindowFixture *fixture)
{
  for (guint i = 0; i < dinoscope_board_get_n_pages (get_board (fixture)); i++)
    if (!dinoscope_page_is_map_current (get_view (fixture, i)) || !dinoscope_canvas_is_settled (get_view (fixture, i)->canvas))
      return FALSE;
  return TRUE;
}

static gboolean
all_are_encoded (WindowFixture *fixture)
{
  for (guint i = 0; i < dinoscope_board_get_n_pages (get_board (fixture)); i++)
    if (dinoscope_page_get_encoding (get_view (fixture, i)) != DINOSCOPE_PAGE_ENCODING_DONE)
      return FALSE;
  return TRUE;
}

static void
settle (WindowFixture *fixture)
{
  window_fixture_wait (fixture, all_are_encoded);
  window_fixture_wait (fixture, all_have_maps);
}

/* The first example with a second one beside it. */
static void
show_two (WindowFixture *fixture, const char *one, const char *other)
{
  g_autoptr (GFile) file = window_fixture_example (other);

  window_fixture_show_example (fixture, one);
  dinoscope_window_compare_file (fixture->window, file);
  g_assert_cmpuint (dinoscope_board_get_n_pages (get_board (fixture)), ==, 2);
  settle (fixture);
}

static void
set_overlay (WindowFixture *fixture, const char *id)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (id);

  g_assert_nonnull (provider);
  dinoscope_overlay_settings_set_provider (fixture->window->settings, provider);
}

/* Relative zoom and centre, computed here from the picture's size. */
static void
assert_same_view (DinoscopePage *one, DinoscopePage *other)
{
  const DinoscopeView *views[2] = { &one->canvas->view, &other->canvas->view };
  double               zoom[2], x[2], y[2];

  for (int i = 0; i < 2; i++)
    {
      const DinoscopeView *view = views[i];
      gboolean             lies = view->turns % 2 == 1;
      double               width = lies ? view->picture_height : view->picture_width;
      double               height = lies ? view->picture_width : view->picture_height;

      zoom[i] = view->zoom / MIN (view->width / width, view->height / height);
      x[i] = view->center_x / view->picture_width;
      y[i] = view->center_y / view->picture_height;
    }
  g_assert_cmpfloat_with_epsilon (zoom[0], zoom[1], 1e-9);
  g_assert_cmpfloat_with_epsilon (x[0], x[1], 1e-9);
  g_assert_cmpfloat_with_epsilon (y[0], y[1], 1e-9);
  g_assert_cmpint (views[0]->turns, ==, views[1]->turns);
  g_assert_true (views[0]->flipped == views[1]->flipped);
}

static void
test_view_is_linked (WindowFixture *fixture)
{
  DinoscopePage *one, *other;

  show_two (fixture, "chest-01.png", "chest-02.png");
  one = get_view (fixture, 0);
  other = get_view (fixture, 1);
  g_assert_true (dinoscope_window_get_page (fixture->window) == one);
  assert_same_view (one, other);

  /* At once, without a turn of the main loop. */
  dinoscope_canvas_zoom_at (one->canvas, dinoscope_canvas_get_zoom (one->canvas) * 3, one->canvas->view.width / 2 - 20, one->canvas->view.height / 2 + 30);
  g_assert_cmpfloat (one->canvas->view.zoom, >, 2 * dinoscope_view_fit_zoom (&one->canvas->view));
  assert_same_view (one, other);
  gtk_widget_activate_action (GTK_WIDGET (other->canvas), "view.turn-right", NULL);
  assert_same_view (one, other);
  g_assert_cmpint (one->canvas->view.turns, ==, 1);
  gtk_widget_activate_action (GTK_WIDGET (one->canvas), "view.flip", NULL);
  assert_same_view (one, other);
  g_assert_true (other->canvas->view.flipped);
  dinoscope_view_pan (&one->canvas->view, 25, -10);
  dinoscope_canvas_view_changed (one->canvas);
  assert_same_view (one, other);

  g_object_set (fixture->window, "compare-linked", FALSE, NULL);
  gtk_widget_activate_action (GTK_WIDGET (one->canvas), "view.fit", NULL);
  g_assert_true (one->canvas->view.fitted);
  g_assert_false (other->canvas->view.fitted);
  g_object_set (fixture->window, "compare-linked", TRUE, NULL);
  g_assert_true (other->canvas->view.fitted);
}

/* Pictures of one kind: the same window. */
static int old_width;

static gboolean
has_other_width (WindowFixture *fixture)
{
  return gtk_widget_get_width (GTK_WIDGET (get_view (fixture, 0)->canvas)) != old_width;
}

static void
painted_cb (GdkFrameClock *clock, int *frames)
{
  ++*frames;
}

/* A view that follows within a layout is laid out with it: GTK warns, which ends
 * a test, when it paints one that is not. */
static void
test_layout_of_followers (WindowFixture *fixture)
{
  GdkFrameClock *clock;
  GtkWidget     *canvas;
  gulong         painted;
  int            frames = 0;

  show_two (fixture, "chest-01.png", "chest-03.png");
  canvas = GTK_WIDGET (get_view (fixture, 0)->canvas);
  clock = gtk_widget_get_frame_clock (canvas);
  painted = g_signal_connect_after (clock, "paint", G_CALLBACK (painted_cb), &frames);
  for (int i = 0; i < 4; i++)
    {
      dinoscope_canvas_zoom_at (get_view (fixture, 0)->canvas, 3 + i, gtk_widget_get_width (canvas) / 2.0, gtk_widget_get_height (canvas) / 2.0);
      old_width = gtk_widget_get_width (canvas);
      gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-panel", NULL);
      window_fixture_wait (fixture, has_other_width);
      frames = 0;
      while (frames < 3)
        {
          g_main_context_iteration (NULL, TRUE);
          gtk_widget_queue_draw (canvas);
        }
      assert_same_view (get_view (fixture, 0), get_view (fixture, 1));
    }
  g_signal_handler_disconnect (clock, painted);
}

/* The canvas is fitted anew within a layout of it and of the flap alone; what lies
 * between the two stays painted. */
static void
lay_out_alone (DinoscopeCanvas *canvas, GtkWidget *flap)
{
  GdkFrameClock *clock;
  gulong         painted;
  int            frames = 0;

  clock = gtk_widget_get_frame_clock (GTK_WIDGET (canvas));
  painted = g_signal_connect_after (clock, "paint", G_CALLBACK (painted_cb), &frames);
  for (int i = 0; i < 4; i++)
    {
      /* It fits by another zoom. */
      canvas->view.turns = i % 2 == 0 ? 1 : 0;
      gtk_widget_queue_allocate (GTK_WIDGET (canvas));
      gtk_widget_queue_allocate (flap);
      frames = 0;
      while (frames < 3)
        {
          g_main_context_iteration (NULL, TRUE);
          gtk_widget_queue_draw (GTK_WIDGET (canvas));
        }
    }
  g_signal_handler_disconnect (clock, painted);
}

/* The zoom that it then has is told. */
static void
test_zoom_within_layout (WindowFixture *fixture)
{
  window_fixture_show_example (fixture, "chest-01.png");
  lay_out_alone (dinoscope_window_get_page (fixture->window)->canvas, GTK_WIDGET (fixture->window->flap));
}

/* Another place of the picture comes below the pointer, and the status line tells of it. */
static void
test_pointer_within_layout (WindowFixture *fixture)
{
  DinoscopeCanvas *canvas;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  window_fixture_show_example (fixture, "chest-01.png");
  canvas = dinoscope_window_get_page (fixture->window)->canvas;
  canvas->pointer_inside = TRUE;
  canvas->pointer_x = canvas->view.width / 2 + 20;
  canvas->pointer_y = canvas->view.height / 2 + 10;
  before = dinoscope_status_line_dup_text (fixture->window->status_line);
  lay_out_alone (canvas, GTK_WIDGET (fixture->window->flap));
  after = dinoscope_status_line_dup_text (fixture->window->status_line);
  g_assert_cmpstr (before, !=, after);
}

static void
test_greys_are_linked (WindowFixture *fixture)
{
  const struct dino_display display = { .kind = DINO_DISPLAY_WINDOW, .window = { 100, 60, DINO_VOI_LINEAR } };
  DinoscopePage            *one, *other;

  show_two (fixture, "chest-01.png", "chest-02.png");
  one = get_view (fixture, 0);
  other = get_view (fixture, 1);
  dinoscope_greys_set_display (one->greys, &display);
  g_assert_cmpint (dinoscope_greys_get_display (other->greys)->kind, ==, DINO_DISPLAY_WINDOW);
  g_assert_cmpfloat (dinoscope_greys_get_display (other->greys)->window.center, ==, 100);
  g_assert_cmpfloat (dinoscope_greys_get_display (other->greys)->window.width, ==, 60);
  dinoscope_greys_hold (other->greys);
  dinoscope_greys_move (other->greys, 3, 5);
  dinoscope_greys_move (other->greys, 3, 5);
  dinoscope_greys_release (other->greys);
  g_assert_cmpfloat (dinoscope_greys_get_display (one->greys)->window.width, ==, dinoscope_greys_get_display (other->greys)->window.width);
  g_assert_cmpfloat (dinoscope_greys_get_display (one->greys)->window.width, !=, 60);
  g_assert_false (dinoscope_greys_is_held (one->greys));
  dinoscope_greys_set_exchanged (other->greys, TRUE);
  g_assert_true (dinoscope_greys_get_exchanged (one->greys));
  dinoscope_greys_reset (one->greys);
  g_assert_true (dinoscope_greys_is_default (other->greys));
  settle (fixture);

  g_object_set (fixture->window, "compare-linked", FALSE, NULL);
  dinoscope_greys_set_display (one->greys, &display);
  g_assert_true (dinoscope_greys_is_default (other->greys));
}

/* Pictures of two kinds: the same share of what each shows at first. */
static void
test_greys_of_two_kinds (WindowFixture *fixture)
{
  g_autofree char    *path = test_data ("golden");
  g_autofree char    *deep = g_build_filename (path, "modes", "grey16.png", NULL);
  g_autoptr (GFile)   file = g_file_new_for_path (deep);
  struct dino_display display = { .kind = DINO_DISPLAY_WINDOW };
  struct dino_window  first, other_first, shown;
  DinoscopePage      *one, *other;

  window_fixture_show_example (fixture, "chest-01.png");
  dinoscope_window_compare_file (fixture->window, file);
  settle (fixture);
  one = get_view (fixture, 0);
  other = get_view (fixture, 1);
  g_assert_true (dino_display_window (dinoscope_study_get_picture (one->study), dinoscope_greys_get_default (one->greys), &first, NULL));
  g_assert_true (dino_display_window (dinoscope_study_get_picture (other->study), dinoscope_greys_get_default (other->greys), &other_first, NULL));
  display.window = (struct dino_window){ first.center + first.width / 4, first.width / 2, DINO_VOI_LINEAR };
  dinoscope_greys_set_display (one->greys, &display);
  g_assert_true (dinoscope_greys_get_window (other->greys, &shown));
  g_assert_cmpfloat_with_epsilon (shown.width, other_first.width / 2, 1e-6 * other_first.width);
  g_assert_cmpfloat_with_epsilon (shown.center, other_first.center + other_first.width / 4, 1e-6 * other_first.width);
}

/* From the lowest to the highest value of both maps, in both, with one bar. */
static void
test_one_scale (WindowFixture *fixture)
{
  const struct dino_map *maps[2];
  DinoscopePage         *one, *other;
  double                 low, high;

  show_two (fixture, "chest-01.png", "chest-03.png");
  one = get_view (fixture, 0);
  other = get_view (fixture, 1);
  set_overlay (fixture, "cls-attention");
  settle (fixture);
  maps[0] = dinoscope_map_get_core (one->map);
  maps[1] = dinoscope_map_get_core (other->map);
  g_assert_true (maps[0]->low != maps[1]->low || maps[0]->high != maps[1]->high);
  low = MIN (maps[0]->low, maps[1]->low);
  high = MAX (maps[0]->high, maps[1]->high);
  g_assert_true (one->canvas->map.style.has_range && other->canvas->map.style.has_range);
  g_assert_cmpfloat (one->canvas->map.style.low, ==, low);
  g_assert_cmpfloat (one->canvas->map.style.high, ==, high);
  g_assert_cmpfloat (other->canvas->map.style.low, ==, low);
  g_assert_cmpfloat (other->canvas->map.style.high, ==, high);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (one->color_bar)));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (other->color_bar)));

  g_object_set (fixture->window, "compare-linked", FALSE, NULL);
  g_assert_false (one->canvas->map.style.has_range);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (other->color_bar)));
}

static gboolean
is_drawn (WindowFixture *fixture)
{
  return gtk_widget_get_width (GTK_WIDGET (get_view (fixture, 1)->canvas)) == gtk_widget_get_width (GTK_WIDGET (get_board (fixture)));
}

/* Notes and colour bar lie in what is seen of the view. */
static void
assert_words_are_seen (DinoscopePage *page)
{
  GtkWidget *const words[] = { page->notes_box, page->bar_box };
  GtkWidget       *cell = gtk_widget_get_parent (GTK_WIDGET (page));

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      graphene_rect_t bounds;

      if (!gtk_widget_get_child_visible (words[i]))
        continue;
      g_assert_true (gtk_widget_compute_bounds (words[i], cell, &bounds));
      g_assert_cmpfloat (bounds.origin.x, >=, 0);
      g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <=, gtk_widget_get_width (cell));
    }
}

/* Both lie over each other to the pixel, and each is seen on its side. */
static void
test_slider (WindowFixture *fixture)
{
  DinoscopePage  *one, *other;
  DinoscopeBoard *board;
  GtkWidget      *under;
  double          x[2], y[2], unused, left[2];
  int             width;

  show_two (fixture, "chest-01.png", "chest-02.png");
  one = get_view (fixture, 0);
  other = get_view (fixture, 1);
  board = get_board (fixture);
  window_fixture_activate (fixture, "win.compare-slider");
  window_fixture_wait (fixture, is_drawn);
  width = gtk_widget_get_width (GTK_WIDGET (board));
  dinoscope_canvas_zoom_at (one->canvas, dinoscope_canvas_get_zoom (one->canvas) * 2, one->canvas->view.width / 2 - 30, one->canvas->view.height / 2 + 20);
  assert_same_view (one, other);
  dinoscope_canvas_picture_to_widget (one->canvas, 0.3 * one->canvas->view.picture_width, 0.6 * one->canvas->view.picture_height, &x[0], &y[0]);
  dinoscope_canvas_picture_to_widget (other->canvas, 0.3 * other->canvas->view.picture_width, 0.6 * other->canvas->view.picture_height, &x[1], &y[1]);
  for (int i = 0; i < 2; i++)
    g_assert_true (gtk_widget_translate_coordinates (GTK_WIDGET (get_view (fixture, (guint) i)->canvas), GTK_WIDGET (board), 0, 0, &left[i], &unused));
  g_assert_cmpfloat_with_epsilon (left[0], left[1], 1e-3);
  assert_words_are_seen (one);
  assert_words_are_seen (other);

  under = gtk_widget_pick (GTK_WIDGET (board), width * 0.25, 200, GTK_PICK_DEFAULT);
  g_assert_true (gtk_widget_is_ancestor (under, GTK_WIDGET (one)));
  under = gtk_widget_pick (GTK_WIDGET (board), width * 0.75, 200, GTK_PICK_DEFAULT);
  g_assert_true (gtk_widget_is_ancestor (under, GTK_WIDGET (other)));
  dinoscope_divider_set_position (board->divider, 0.9);
  while (gtk_widget_get_width (gtk_widget_get_parent (GTK_WIDGET (one))) < width * 0.8)
    g_main_context_iteration (NULL, TRUE);
  under = gtk_widget_pick (GTK_WIDGET (board), width * 0.75, 200, GTK_PICK_DEFAULT);
  g_assert_true (gtk_widget_is_ancestor (under, GTK_WIDGET (one)));
  assert_words_are_seen (one);
  g_assert_false (gtk_widget_get_child_visible (other->bar_box));
  gtk_widget_activate_action (GTK_WIDGET (board->divider), "divider.move", "d", -0.1);
  g_assert_cmpfloat_with_epsilon (dinoscope_divider_get_position (board->divider), 0.8, 1e-9);
  window_fixture_activate (fixture, "win.compare-slider");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (board->divider)));
}

/* An overlay that writes down what it was given. */

#define TYPE_WITNESS (witness_get_type ())
G_DECLARE_FINAL_TYPE (Witness, witness, TEST, WITNESS, GObject)

struct _Witness
{
  GObject parent_instance;

  GMutex     lock;
  GPtrArray *calls; /* GPtrArray of features: the primary one, then references */
};

static void witness_iface_init (DinoscopeOverlayProviderInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (Witness, witness, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (DINOSCOPE_TYPE_OVERLAY_PROVIDER, witness_iface_init))

static const char *
witness_get_id (DinoscopeOverlayProvider *provider)
{
  return "witness";
}

static GListModel *
witness_list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  static const char *const       choices[] = { "primary", "reference", NULL };
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) source = dinoscope_parameter_new_enum ("source", "Source", choices, choices, "primary");
  g_autoptr (DinoscopeParameter) block = dinoscope_parameter_new_int ("block", "Block", 0, (int) dinoscope_model_get_n_blocks (model) - 1, 0);

  g_list_store_append (list, source);
  g_list_store_append (list, block);
  return G_LIST_MODEL (list);
}

static void
witness_get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  const char *source;

  needs->last_block = 0;
  needs->n_references = g_variant_lookup (parameters, "source", "&s", &source) && g_str_equal (source, "reference") ? 1 : 0;
}

static DinoscopeMap *
witness_compute (DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data, GError **error)
{
  Witness                    *self = TEST_WITNESS (provider);
  DinoscopeFeatures          *primary = dinoscope_context_get_primary (context);
  const struct dino_geometry *geometry = dinoscope_features_get_geometry (primary);
  struct dino_map            *map = dino_map_new (geometry->columns, geometry->rows, 1, NULL);
  GPtrArray                  *call = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (call, g_object_ref (primary));
  for (guint i = 0; i < dinoscope_context_get_n_references (context); i++)
    g_ptr_array_add (call, g_object_ref (dinoscope_context_get_reference (context, i)));
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->calls, call);
  g_mutex_unlock (&self->lock);
  map->seen = dino_geometry_seen (geometry);
  g_strlcpy (map->title, "Witness", sizeof map->title);
  g_strlcpy (map->colormap, "viridis", sizeof map->colormap);
  dino_map_measure (map, NULL);
  return dinoscope_map_new (map);
}

static void
witness_iface_init (DinoscopeOverlayProviderInterface *iface)
{
  iface->get_id = witness_get_id;
  iface->get_title = witness_get_id;
  iface->list_parameters = witness_list_parameters;
  iface->get_needs = witness_get_needs;
  iface->compute = witness_compute;
}

static void
witness_finalize (GObject *object)
{
  g_ptr_array_unref (TEST_WITNESS (object)->calls);
  g_mutex_clear (&TEST_WITNESS (object)->lock);
  G_OBJECT_CLASS (witness_parent_class)->finalize (object);
}

static void
witness_class_init (WitnessClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = witness_finalize;
}

static void
witness_init (Witness *self)
{
  g_mutex_init (&self->lock);
  self->calls = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
}

/* The last call for a view: its own features, then so many references. */
static GPtrArray *
find_call (Witness *witness, DinoscopePage *page)
{
  for (guint i = witness->calls->len; i > 0; i--)
    {
      GPtrArray *call = witness->calls->pdata[i - 1];

      if (call->pdata[0] == page->features)
        return call;
    }
  return NULL;
}

static void
assert_picture_of (DinoscopeFeatures *features, DinoscopePage *page)
{
  g_assert_cmpstr (dinoscope_features_get_pixels_sha256 (features), ==, dinoscope_study_get_sha256 (page->study));
}

/* The view that keys work on is asked by itself, the other one about it. */
static void
test_references (WindowFixture *fixture)
{
  g_autoptr (Witness) witness = g_object_new (TYPE_WITNESS, NULL);
  DinoscopePage      *one, *other;
  GPtrArray          *call;

  show_two (fixture, "chest-01.png", "chest-02.png");
  one = get_view (fixture, 0);
  other = get_view (fixture, 1);
  dinoscope_overlay_settings_set_provider (fixture->window->settings, DINOSCOPE_OVERLAY_PROVIDER (witness));
  settle (fixture);
  g_assert_cmpuint (find_call (witness, one)->len, ==, 1);
  call = find_call (witness, other);
  g_assert_cmpuint (call->len, ==, 2);
  assert_picture_of (call->pdata[1], one);

  window_fixture_activate (fixture, "win.compare-next");
  g_assert_true (dinoscope_window_get_page (fixture->window) == other);
  settle (fixture);
  g_assert_cmpuint (find_call (witness, other)->len, ==, 1);
  call = find_call (witness, one);
  g_assert_cmpuint (call->len, ==, 2);
  assert_picture_of (call->pdata[1], other);
  set_overlay (fixture, "pca");
}

/* A view that is closed takes its features with it; the rest goes on. */
static void
test_close_views (WindowFixture *fixture)
{
  g_autoptr (GFile) third = window_fixture_example ("chest-03.png");
  DinoscopePage    *one, *other;

  show_two (fixture, "chest-01.png", "chest-02.png");
  dinoscope_window_compare_file (fixture->window, third);
  settle (fixture);
  one = get_view (fixture, 0);
  other = get_view (fixture, 1);
  g_assert_cmpuint (dinoscope_board_get_n_pages (get_board (fixture)), ==, 3);
  window_fixture_activate (fixture, "win.compare-next");
  g_assert_true (dinoscope_window_get_page (fixture->window) == other);
  window_fixture_activate (fixture, "win.compare-close");
  g_assert_cmpuint (dinoscope_board_get_n_pages (get_board (fixture)), ==, 2);
  g_assert_true (dinoscope_window_get_page (fixture->window) == get_view (fixture, 1));
  window_fixture_activate (fixture, "win.compare-close");
  g_assert_true (dinoscope_window_get_page (fixture->window) == one);
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.compare-close", NULL);
  g_assert_cmpuint (dinoscope_board_get_n_pages (get_board (fixture)), ==, 1);
  g_assert_false (one->has_shared_range);
  settle (fixture);
}

/* A board goes to another window whole, and lives on there. */
static void
test_move_tab (WindowFixture *fixture)
{
  AdwTabView      *view = NULL;
  DinoscopeWindow *first = fixture->window;
  AdwTabPage      *tab;
  DinoscopePage   *one, *other;

  show_two (fixture, "chest-01.png", "chest-02.png");
  one = get_view (fixture, 0);
  other = get_view (fixture, 1);
  tab = adw_tab_view_get_selected_page (first->tab_view);
  g_signal_emit_by_name (first->tab_view, "create-window", &view);
  adw_tab_view_transfer_page (first->tab_view, tab, view, 0);
  fixture->window = DINOSCOPE_WINDOW (gtk_widget_get_root (GTK_WIDGET (view)));
  g_assert_true (fixture->window != first);
  g_assert_null (dinoscope_window_get_page (first));
  g_assert_true (get_view (fixture, 0) == one && get_view (fixture, 1) == other);
  g_assert_true (other->settings == fixture->window->settings);
  settle (fixture);
  dinoscope_canvas_zoom_at (other->canvas, dinoscope_canvas_get_zoom (other->canvas) * 2, 10 + other->canvas->view.width / 2, other->canvas->view.height / 2);
  assert_same_view (one, other);
}

/* The same picture twice, one of them prepared in another way. */
static void
test_own_preparation (WindowFixture *fixture)
{
  DinoscopePage                *one = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopePage                *other;
  const struct dino_preparation whole = { .fit = DINO_FIT_WHOLE, .input_size = 140 };

  window_fixture_activate (fixture, "win.compare-preparation");
  other = get_view (fixture, 1);
  g_assert_true (dinoscope_window_get_page (fixture->window) == other);
  g_assert_true (dinoscope_study_get_picture (one->study) == dinoscope_study_get_picture (other->study));
  dinoscope_preparation_settings_set (dinoscope_page_get_preparation (other), &whole);
  while (other->preparation_timeout != 0 || other->preparation_cancellable != NULL)
    g_main_context_iteration (NULL, TRUE);
  settle (fixture);
  g_assert_cmpint (dinoscope_features_get_geometry (other->features)->input_width, ==, 140);
  g_assert_cmpint (dinoscope_features_get_geometry (one->features)->input_width, ==, 518);
  g_assert_true (dinoscope_preparation_is_own (dinoscope_preparation_settings_get (fixture->window->preparation)));
}

/* The similarity of a patch of one view, in the other: as the engine computes it
 * when it is handed both. */
static void
test_similarity (WindowFixture *fixture)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("similarity");
  g_autoptr (DinoscopeContext)         context = NULL;
  g_autoptr (DinoscopeMap)             expected = NULL;
  g_autoptr (GVariant)                 values = NULL;
  g_autoptr (GBytes)                   shown = NULL;
  g_autoptr (GBytes)                   wanted = NULL;
  g_autoptr (GError)                   error = NULL;
  DinoscopePage                       *one, *other;
  const char                          *source;

  show_two (fixture, "chest-01.png", "chest-02.png");
  one = get_view (fixture, 0);
  other = get_view (fixture, 1);
  set_overlay (fixture, "similarity");
  dinoscope_canvas_select_patch (one->canvas, 9, 21);
  dinoscope_marks_set_cursor (one->marks, 9, 21);
  settle (fixture);
  values = dinoscope_page_dup_values (other);
  g_assert_true (g_variant_lookup (values, "source", "&s", &source));
  g_assert_cmpstr (source, ==, "reference");
  context = dinoscope_context_new (other->features, &one->features, 1);
  expected = dinoscope_engine_compute_map (dinoscope_session_get_engine (one->session), provider, context, values, NULL, &error);
  g_assert_no_error (error);
  shown = dinoscope_map_dup_values (other->map);
  wanted = dinoscope_map_dup_values (expected);
  g_assert_true (g_bytes_equal (shown, wanted));
  /* In its own picture a patch is most like itself. */
  g_assert_cmpfloat_with_epsilon (dinoscope_map_get_core (one->map)->values[9 * 37 + 21], 1, 1e-5);

  window_fixture_activate (fixture, "win.compare-next");
  settle (fixture);
  g_variant_unref (g_steal_pointer (&values));
  values = dinoscope_page_dup_values (other);
  g_assert_true (g_variant_lookup (values, "source", "&s", &source));
  g_assert_cmpstr (source, ==, "primary");
}

/* A view alone is offered what other tabs have found. */
static void
test_open_pictures (WindowFixture *fixture)
{
  g_autoptr (Witness) witness = g_object_new (TYPE_WITNESS, NULL);
  DinoscopePage      *first = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopePage      *second = window_fixture_show_example (fixture, "chest-02.png");
  GPtrArray          *call;

  dinoscope_overlay_settings_set_provider (fixture->window->settings, DINOSCOPE_OVERLAY_PROVIDER (witness));
  dinoscope_overlay_settings_set_value (fixture->window->settings, "source", g_variant_new_string ("reference"));
  window_fixture_wait (fixture, window_has_map);
  call = find_call (witness, second);
  g_assert_cmpuint (call->len, ==, 2);
  assert_picture_of (call->pdata[1], first);
  set_overlay (fixture, "pca");
}

/* Fitted on both, with the same components in both. */
static void
test_pca_fit (WindowFixture *fixture)
{
  const char *bases[2];

  show_two (fixture, "chest-01.png", "chest-02.png");
  set_overlay (fixture, "pca");
  dinoscope_overlay_settings_set_value (fixture->window->settings, "fit", g_variant_new_string ("references"));
  settle (fixture);
  for (guint i = 0; i < 2; i++)
    g_assert_true (g_variant_lookup (dinoscope_map_get_details (get_view (fixture, i)->map), "basis-sha256", "&s", &bases[i]));
  g_assert_cmpstr (bases[0], ==, bases[1]);

  /* And each on its own picture again. */
  dinoscope_overlay_settings_set_value (fixture->window->settings, "fit", g_variant_new_string ("picture"));
  settle (fixture);
  for (guint i = 0; i < 2; i++)
    g_assert_true (g_variant_lookup (dinoscope_map_get_details (get_view (fixture, i)->map), "basis-sha256", "&s", &bases[i]));
  g_assert_cmpstr (bases[0], !=, bases[1]);
}

static DinoscopeModel *
load_golden (WindowFixture *fixture, const char *name)
{
  g_autofree char   *relative = g_build_filename ("golden", "checkpoint", name, NULL);
  g_autofree char   *path = test_data (relative);
  g_autoptr (GError) error = NULL;
  DinoscopeModel    *model = dinoscope_engine_load_model (dinoscope_session_get_engine (dinoscope_application_get_session (fixture->application)), path, NULL, NULL, &error);

  g_assert_no_error (error);
  return model;
}

static gboolean
cell_says (WindowFixture *fixture, guint index, const char *part)
{
  DinoscopeCell *cell = dinoscope_board_get_cell (get_board (fixture), index);
  gboolean       found = FALSE;

  for (GtkWidget *child = gtk_widget_get_first_child (gtk_widget_get_first_child (GTK_WIDGET (cell))); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LABEL (child) && gtk_widget_get_visible (child) && strstr (gtk_label_get_text (GTK_LABEL (child)), part) != NULL)
      found = TRUE;
  return found;
}

/* The same picture by two encoders, one of them this view's own. */
static void
test_own_model (WindowFixture *fixture)
{
  g_autoptr (DinoscopeModel) deep = load_golden (fixture, "tiny-deep-1");
  DinoscopePage             *one = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeFeaturesCache    *cache = dinoscope_session_get_cache (one->session);
  DinoscopePage             *other;
  DinoscopeFeatures         *features;
  g_autofree char           *key = NULL;

  other = dinoscope_window_compare_picture (fixture->window, one, deep);
  settle (fixture);
  g_assert_true (dinoscope_features_get_model (one->features) == dinoscope_session_get_model (one->session));
  g_assert_true (dinoscope_features_get_model (other->features) == deep);
  g_assert_cmpint (dinoscope_map_get_width (other->map), ==, dinoscope_features_get_columns (other->features));
  g_assert_true (cell_says (fixture, 0, "Demonstration encoder"));
  g_assert_true (cell_says (fixture, 1, dinoscope_model_get_title (deep)));
  window_fixture_activate (fixture, "win.compare-next");
  g_assert_true (strstr (gtk_label_get_text (fixture->window->model_label), dinoscope_model_get_title (deep)) != NULL);

  /* Nothing of it stays when its view is closed. */
  key = dinoscope_features_cache_key (other->study, deep);
  features = dinoscope_features_cache_lookup (cache, key);
  g_assert_nonnull (features);
  g_clear_object (&features);
  window_fixture_activate (fixture, "win.compare-close");
  g_assert_null (dinoscope_features_cache_lookup (cache, key));
  g_assert_true (strstr (gtk_label_get_text (fixture->window->model_label), "Demonstration encoder") != NULL);
}

static gboolean
has_two_views (WindowFixture *fixture)
{
  return dinoscope_board_get_n_pages (get_board (fixture)) == 2;
}

/* Chosen in the dialog, which is gone when it is there. */
static void
test_model_dialog (WindowFixture *fixture)
{
  DinoscopePage         *one = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeCompareModel *dialog = NULL;
  g_autoptr (GListModel) toplevels = g_object_ref (gtk_window_get_toplevels ());

  window_fixture_activate (fixture, "win.compare-model");
  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (DINOSCOPE_IS_COMPARE_MODEL (window))
        dialog = DINOSCOPE_COMPARE_MODEL (window);
    }
  g_assert_nonnull (dialog);
  while (!dinoscope_compare_model_choose (dialog, dinoscope_model_get_path (dinoscope_session_get_model (one->session)), DINO_PRECISION_FP32))
    g_main_context_iteration (NULL, TRUE);
  dinoscope_compare_model_load (dialog);
  window_fixture_wait (fixture, has_two_views);
  settle (fixture);
  g_assert_true (dinoscope_page_has_own_model (get_view (fixture, 1)));
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;

  window_fixture_add ("/window-compare/view-is-linked", NULL, test_view_is_linked);
  window_fixture_add ("/window-compare/layout-of-followers", NULL, test_layout_of_followers);
  window_fixture_add ("/window-compare/zoom-within-layout", NULL, test_zoom_within_layout);
  window_fixture_add ("/window-compare/pointer-within-layout", NULL, test_pointer_within_layout);
  window_fixture_add ("/window-compare/greys-are-linked", NULL, test_greys_are_linked);
  window_fixture_add ("/window-compare/greys-of-two-kinds", NULL, test_greys_of_two_kinds);
  window_fixture_add ("/window-compare/one-scale", NULL, test_one_scale);
  window_fixture_add ("/window-compare/slider", NULL, test_slider);
  window_fixture_add ("/window-compare/references", NULL, test_references);
  window_fixture_add ("/window-compare/close-views", NULL, test_close_views);
  window_fixture_add ("/window-compare/move-tab", NULL, test_move_tab);
  window_fixture_add ("/window-compare/own-preparation", NULL, test_own_preparation);
  window_fixture_add ("/window-compare/similarity", NULL, test_similarity);
  window_fixture_add ("/window-compare/open-pictures", NULL, test_open_pictures);
  window_fixture_add ("/window-compare/pca-fit", NULL, test_pca_fit);
  window_fixture_add ("/window-compare/own-model", NULL, test_own_model);
  window_fixture_add ("/window-compare/model-dialog", NULL, test_model_dialog);
  return g_test_run ();
}
