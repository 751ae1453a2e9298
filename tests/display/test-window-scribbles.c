/* Segmentation in the real window: strokes are learned from, masks shown, undone,
 * saved, and the same as the command line's. */
#include "window-fixture.h"

#include <string.h>

#include "app/dinoscope-scribble-group.h"
#include "core/base/memory.h"
#include "io/mask-file.h"

static DinoscopeScribbleGroup *
get_group (WindowFixture *fixture)
{
  return DINOSCOPE_SCRIBBLE_GROUP (window_fixture_find (GTK_WIDGET (fixture->window), DINOSCOPE_TYPE_SCRIBBLE_GROUP));
}

static DinoscopeScribbleTrainer *
get_trainer (WindowFixture *fixture)
{
  return dinoscope_scribble_group_get_trainer (get_group (fixture));
}

static DinoscopeScribbles *
get_scribbles (WindowFixture *fixture)
{
  return dinoscope_page_get_scribbles (dinoscope_window_get_page (fixture->window));
}

static gboolean
has_mask (WindowFixture *fixture)
{
  return !dinoscope_scribble_trainer_is_busy (get_trainer (fixture)) && dinoscope_scribbles_get_mask (get_scribbles (fixture)) != NULL;
}

static gboolean
is_idle (WindowFixture *fixture)
{
  return !dinoscope_scribble_trainer_is_busy (get_trainer (fixture)) && !dinoscope_scribble_trainer_is_segmenting (get_trainer (fixture));
}

static void
paint (WindowFixture *fixture, guint number, double x0, double y0, double x1, double y1)
{
  DinoscopeScribbles *scribbles = get_scribbles (fixture);

  dinoscope_scribbles_begin (scribbles, number, 12, x0, y0);
  for (int i = 1; i <= 10; i++)
    dinoscope_scribbles_extend (scribbles, x0 + (x1 - x0) * i / 10, y0 + (y1 - y0) * i / 10);
  dinoscope_scribbles_end (scribbles);
}

/* The two lungs, and what lies between and below. */
static void
paint_lungs (WindowFixture *fixture)
{
  paint (fixture, 1, 190, 180, 190, 330);
  paint (fixture, 1, 470, 180, 480, 330);
  paint (fixture, 0, 330, 150, 330, 400);
  paint (fixture, 0, 130, 520, 520, 520);
  paint (fixture, 0, 60, 100, 60, 400);
}

static void
train (WindowFixture *fixture)
{
  dinoscope_scribble_trainer_train (get_trainer (fixture));
  window_fixture_wait (fixture, has_mask);
}

static double
share_of (WindowFixture *fixture, int x0, int y0, int x1, int y1)
{
  const guint8 *mask = g_bytes_get_data (dinoscope_scribbles_get_mask (get_scribbles (fixture)), NULL);
  int           width = dinoscope_study_get_picture (dinoscope_page_get_study (dinoscope_window_get_page (fixture->window)))->width;
  int           n = 0;

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      n += mask[y * width + x] == 1;
  return (double) n / ((x1 - x0) * (y1 - y0));
}

/* Strokes, a mask that is where it should be, and the command line's of the saved decoder. */
static void
test_train (WindowFixture *fixture)
{
  g_autoptr (GFile) film = window_fixture_example ("chest-02.png");
  g_autoptr (GFile) head = window_fixture_child (fixture, "head.safetensors");
  g_autoptr (GFile) ours = window_fixture_child (fixture, "ours.png");
  g_autoptr (GFile) theirs = window_fixture_child (fixture, "theirs.png");
  g_autoptr (GFile) outlines = window_fixture_child (fixture, "ours.geojson");
  g_autoptr (GFile) their_outlines = window_fixture_child (fixture, "theirs.geojson");
  const char       *command[] = { g_getenv ("DINOSCOPE_CLI"), "--quiet", "segment", "apply", g_file_peek_path (film), "--model", "demo", "--head", g_file_peek_path (head), "-o", g_file_peek_path (theirs), "--polygons", g_file_peek_path (their_outlines), NULL };
  uint8_t          *one = NULL, *other = NULL;
  int               width, height;

  window_fixture_show_example (fixture, "chest-02.png");
  paint_lungs (fixture);
  train (fixture);
  g_assert_cmpfloat (share_of (fixture, 180, 200, 200, 310), >, 0.9);
  g_assert_cmpfloat (share_of (fixture, 465, 200, 485, 310), >, 0.9);
  g_assert_cmpfloat (share_of (fixture, 325, 200, 335, 380), <, 0.1);
  g_assert_cmpfloat (share_of (fixture, 150, 515, 500, 525), <, 0.1);

  dinoscope_scribble_group_save (get_group (fixture), head);
  dinoscope_scribble_group_export (get_group (fixture), ours);
  dinoscope_scribble_group_export (get_group (fixture), outlines);
  while (!g_file_query_exists (ours, NULL) || !g_file_query_exists (outlines, NULL))
    g_main_context_iteration (NULL, TRUE);
  window_fixture_run (command);
  g_assert_true (dino_mask_read (g_file_peek_path (ours), &one, &width, &height, NULL));
  g_assert_true (dino_mask_read (g_file_peek_path (theirs), &other, &width, &height, NULL));
  g_assert_cmpmem (one, (gsize) width * (gsize) height, other, (gsize) width * (gsize) height);
  window_fixture_assert_equal_files (fixture, "ours.geojson", "theirs.geojson");
  dino_free (one);
  dino_free (other);

  /* The file says what the command line compares. */
  {
    g_autoptr (DinoscopeDecoder) decoder = dinoscope_decoder_load (g_file_peek_path (head), NULL);

    g_assert_cmpstr (dinoscope_decoder_get_head (decoder)->preparation, ==, "{\"exif\": \"applied\", \"fit\": \"crop\", \"input-size\": 518, \"invert\": \"auto\", \"model-input\": \"minmax\"}");
  }

  /* Loaded again it makes the same mask. */
  {
    g_autoptr (GBytes) before = g_bytes_ref (dinoscope_scribbles_get_mask (get_scribbles (fixture)));

    dinoscope_scribble_group_load (get_group (fixture), head);
    window_fixture_wait (fixture, has_mask);
    g_assert_true (g_bytes_equal (before, dinoscope_scribbles_get_mask (get_scribbles (fixture))));
  }
}

static char *told;

static void
message_cb (gpointer data, const char *text)
{
  g_free (told);
  told = g_strdup (text);
}

/* What is missing is told, and cancel keeps what there is. */
static void
test_told (WindowFixture *fixture)
{
  DinoscopeScribbleTrainer *trainer;

  window_fixture_show_example (fixture, "chest-02.png");
  trainer = get_trainer (fixture);
  g_signal_connect (trainer, "message", G_CALLBACK (message_cb), NULL);
  dinoscope_scribble_trainer_train (trainer);
  g_assert_nonnull (strstr (told, "Paint"));
  paint (fixture, 1, 190, 180, 190, 330);
  dinoscope_scribble_trainer_train (trainer);
  window_fixture_wait (fixture, is_idle);
  g_assert_nonnull (strstr (told, "Background"));
  g_assert_null (dinoscope_scribble_trainer_get_decoder (trainer));
  paint_lungs (fixture);
  dinoscope_scribble_trainer_train (trainer);
  dinoscope_scribble_trainer_cancel (trainer);
  g_assert_false (dinoscope_scribble_trainer_is_busy (trainer));
  g_assert_null (dinoscope_scribble_trainer_get_decoder (trainer));
  {
    g_autoptr (GFile) bad = window_fixture_write (fixture, "bad.safetensors", "nothing", 7);

    dinoscope_scribble_group_load (get_group (fixture), bad);
    g_assert_null (dinoscope_scribble_trainer_get_decoder (trainer));
  }
  g_clear_pointer (&told, g_free);
}

/* A stroke is a step that can be taken back. */
static void
test_undo (WindowFixture *fixture)
{
  window_fixture_show_example (fixture, "chest-02.png");
  window_fixture_activate (fixture, "win.view-paint");
  paint (fixture, 1, 190, 180, 190, 330);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  paint (fixture, 0, 330, 180, 330, 330);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  window_fixture_activate (fixture, "win.undo");
  g_assert_cmpuint (dinoscope_scribbles_get_n (get_scribbles (fixture)), ==, 1);
  window_fixture_activate (fixture, "win.redo");
  g_assert_cmpuint (dinoscope_scribbles_get_n (get_scribbles (fixture)), ==, 2);
  g_assert_cmpuint (dinoscope_scribbles_get (get_scribbles (fixture), 1)->number, ==, 0);
}

/* Strokes of the pictures of two tabs are learned from together. */
static void
test_pictures (WindowFixture *fixture)
{
  g_autoptr (GFile) other = window_fixture_example ("chest-01.png");
  DinoscopePage    *page;
  g_autofree char  *text = NULL;

  page = window_fixture_show_example (fixture, "chest-02.png");
  paint (fixture, 1, 190, 180, 190, 330);
  paint (fixture, 1, 470, 180, 480, 330);
  window_fixture_open (fixture, other);
  g_assert_true (dinoscope_window_get_page (fixture->window) != page);
  window_fixture_wait (fixture, window_has_map);
  g_assert_cmpuint (dinoscope_scribbles_get_n (get_scribbles (fixture)), ==, 0);
  paint (fixture, 0, 330, 150, 330, 400);
  train (fixture);
  text = dinoscope_scribble_trainer_describe (get_trainer (fixture));
  g_assert_nonnull (strstr (text, "2 pictures"));
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-scribbles/train", NULL, test_train);
  window_fixture_add ("/window-scribbles/told", NULL, test_told);
  window_fixture_add ("/window-scribbles/undo", NULL, test_undo);
  window_fixture_add ("/window-scribbles/pictures", NULL, test_pictures);
  return g_test_run ();
}
