/* Opened pictures: display, pyramid, what is said about the reading. */
#include <sys/stat.h>

#include "engine-support.h"

typedef struct
{
  DinoscopeEngine *engine;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->engine = dinoscope_engine_new (1, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  dinoscope_engine_shutdown (fixture->engine);
  g_assert_finalize_object (fixture->engine);
}

static DinoscopeStudy *
open_mode (DinoscopeEngine *engine, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *folder = test_data ("golden/modes");
  g_autoptr (GFile)  file = g_file_new_build_filename (folder, name, NULL);
  DinoscopeStudy    *study = dinoscope_engine_open (engine, file, NULL, FALSE, NULL, &error);

  g_assert_no_error (error);
  return study;
}

/* Every level is the mean of the one before, to the rounding. */
static void
check_level (DinoscopeStudy *study, guint level)
{
  int           above_width, above_height, width, height;
  GBytes       *above_bytes = dinoscope_study_get_level (study, level - 1, &above_width, &above_height);
  GBytes       *bytes = dinoscope_study_get_level (study, level, &width, &height);
  const guint8 *above = g_bytes_get_data (above_bytes, NULL);
  gsize         size;
  const guint8 *pixels = g_bytes_get_data (bytes, &size);
  double        above_mean = 0, mean = 0;

  g_assert_cmpint (width, ==, (above_width + 1) / 2);
  g_assert_cmpint (height, ==, (above_height + 1) / 2);
  g_assert_cmpuint (size, ==, (gsize) width * height * 3);
  for (gsize i = 0; i < (gsize) above_width * above_height; i++)
    above_mean += above[3 * i];
  for (gsize i = 0; i < (gsize) width * height; i++)
    mean += pixels[3 * i];
  above_mean /= (double) above_width * above_height;
  mean /= (double) width * height;
  g_assert_cmpfloat_with_epsilon (mean, above_mean, 0.6);
}

static void
test_pyramid (Fixture *fixture, gconstpointer data)
{
  DinoscopeEngine           *engine = fixture->engine;
  g_autoptr (DinoscopeStudy) study = support_open_formula (engine, 1001, 777);
  int                        width, height, channels;
  const guint8              *display = dinoscope_study_get_display (study, &width, &height, &channels);
  const guint8              *pixels = g_bytes_get_data (dinoscope_study_get_level (study, 0, NULL, NULL), NULL);

  g_assert_cmpint (width, ==, 1001);
  g_assert_cmpint (height, ==, 777);
  g_assert_cmpint (channels, ==, 1);
  for (int i = 0; i < width * height; i++)
    for (int c = 0; c < 3; c++)
      g_assert_cmpint (pixels[3 * i + c], ==, display[i]);
  g_assert_cmpint (display[1001 * 5 + 3], ==, (7 * 3 + 13 * 5 + ((3 * 5) >> 3) + ((9 + 75) >> 7)) & 255);

  g_assert_cmpuint (dinoscope_study_get_n_levels (study), ==, 3);
  check_level (study, 1);
  check_level (study, 2);
  dinoscope_study_get_level (study, 2, &width, &height);
  g_assert_cmpint (MAX (width, height), ==, 251);
}

static void
test_colour (Fixture *fixture, gconstpointer data)
{
  DinoscopeEngine           *engine = fixture->engine;
  g_autoptr (DinoscopeStudy) study = open_mode (engine, "rgb8.png");
  int                        width, height, channels;
  const guint8              *display = dinoscope_study_get_display (study, &width, &height, &channels);
  GBytes                    *level = dinoscope_study_get_level (study, 0, NULL, NULL);

  g_assert_cmpint (channels, ==, 3);
  g_assert_cmpmem (g_bytes_get_data (level, NULL), g_bytes_get_size (level), display, (gsize) width * height * 3);
}

static void
test_notes (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name, *words;
  } cases[] = {
    { "grey8.png", NULL },
    { "grey16.png", "input: min-max: " },
    { "rgba8.png", "alpha" },
    { "palette8.png", "Palette" },
    { "cmyk.jpg", "CMYK" },
    { "rgb16.png", "upper 8" },
    { "grey8-gamma.png", "not applied" },
  };
  DinoscopeEngine *engine = fixture->engine;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DinoscopeStudy) study = open_mode (engine, cases[i].name);
      const char                *notes = dinoscope_study_get_notes (study);

      if (cases[i].words == NULL)
        g_assert_cmpstr (notes, ==, "");
      else
        g_assert_nonnull (strstr (notes, cases[i].words));
      g_assert_cmpuint (strlen (dinoscope_study_get_sha256 (study)), ==, 64);
      g_assert_cmpstr (dinoscope_study_get_name (study), ==, cases[i].name);
    }
}

/* The same pixels from a file and from the clipboard are the same picture. */
static void
test_bytes (Fixture *fixture, gconstpointer data)
{
  DinoscopeEngine           *engine = fixture->engine;
  g_autofree char           *path = test_data ("golden/modes/grey8.png");
  g_autofree char           *contents = NULL;
  gsize                      length;
  g_autoptr (GBytes)         bytes = NULL;
  g_autoptr (GBytes)         cut = NULL;
  g_autoptr (GError)         error = NULL;
  g_auto (SupportReply)      reply = { 0 };
  g_auto (SupportReply)      cut_reply = { 0 };
  g_autoptr (DinoscopeStudy) from_file = open_mode (engine, "grey8.png");
  g_autoptr (DinoscopeStudy) study = NULL;
  g_autoptr (DinoscopeStudy) none = NULL;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  bytes = g_bytes_new (contents, length);
  cut = g_bytes_new (contents, length / 2);
  dinoscope_engine_open_bytes_async (engine, bytes, "Clipboard", NULL, NULL, support_reply_cb, &reply);
  dinoscope_engine_open_bytes_async (engine, cut, "Clipboard", NULL, NULL, support_reply_cb, &cut_reply);
  study = dinoscope_engine_open_finish (engine, support_wait (&reply), &error);
  g_assert_no_error (error);
  g_assert_null (dinoscope_study_get_file (study));
  g_assert_cmpstr (dinoscope_study_get_name (study), ==, "Clipboard");
  g_assert_cmpstr (dinoscope_study_get_sha256 (study), ==, dinoscope_study_get_sha256 (from_file));

  none = dinoscope_engine_open_finish (engine, support_wait (&cut_reply), &error);
  g_assert_null (none);
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PICTURE);
  g_assert_nonnull (strstr (error->message, "Clipboard"));
}

static void
assert_not_opened (DinoscopeEngine *engine, GFile *file, const char *words)
{
  g_autoptr (GError)         error = NULL;
  g_auto (SupportReply)      reply = { 0 };
  g_autoptr (DinoscopeStudy) study = NULL;

  dinoscope_engine_open_async (engine, file, NULL, FALSE, NULL, support_reply_cb, &reply);
  study = dinoscope_engine_open_finish (engine, support_wait (&reply), &error);
  g_assert_null (study);
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PICTURE);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  DinoscopeEngine  *engine = fixture->engine;
  g_autofree char  *root = support_make_folder ();
  g_autofree char  *fifo = g_build_filename (root, "fifo.png", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (root);
  g_autoptr (GFile) absent = g_file_get_child (folder, "absent.png");
  g_autoptr (GFile) text = g_file_get_child (folder, "text.png");
  g_autoptr (GFile) empty = g_file_get_child (folder, "empty.png");
  g_autoptr (GFile) pipe_file = g_file_new_for_path (fifo);
  g_autoptr (GFile) remote = g_file_new_for_uri ("https://example.org/chest.png");

  support_write_text (root, "text.png", "This is no picture.");
  support_write_text (root, "empty.png", "");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_not_opened (engine, absent, "absent.png");
  assert_not_opened (engine, text, "text.png");
  assert_not_opened (engine, empty, "empty.png");
  assert_not_opened (engine, folder, root);
  assert_not_opened (engine, pipe_file, "fifo.png");
  assert_not_opened (engine, remote, "example.org");
  support_remove_tree (root);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  DinoscopeEngine         *engine = fixture->engine;
  g_autofree char         *path = test_data ("golden/modes/grey8.png");
  g_autoptr (GFile)        file = g_file_new_for_path (path);
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GCancellable) after = g_cancellable_new ();
  g_auto (SupportReply)    before_reply = { 0 };
  g_auto (SupportReply)    after_reply = { 0 };
  g_autoptr (GError)       before_error = NULL;
  g_autoptr (GError)       after_error = NULL;

  g_cancellable_cancel (before);
  dinoscope_engine_open_async (engine, file, NULL, FALSE, before, support_reply_cb, &before_reply);
  dinoscope_engine_open_async (engine, file, NULL, FALSE, after, support_reply_cb, &after_reply);
  g_cancellable_cancel (after);
  g_assert_null (dinoscope_engine_open_finish (engine, support_wait (&before_reply), &before_error));
  g_assert_error (before_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (dinoscope_engine_open_finish (engine, support_wait (&after_reply), &after_error));
  g_assert_error (after_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_geometry (Fixture *fixture, gconstpointer data)
{
  DinoscopeEngine           *engine = fixture->engine;
  g_autoptr (DinoscopeModel) model = support_load_checkpoint (engine, "tiny-1");
  g_autoptr (DinoscopeStudy) study = support_open_formula (engine, 91, 70);
  struct dino_geometry       geometry;
  g_autoptr (GError)         error = NULL;

  g_assert_true (dinoscope_study_get_geometry (study, dinoscope_model_get_core (model), &geometry, &error));
  g_assert_no_error (error);
  g_assert_cmpint (geometry.resized_width, ==, 72); /* 56 * 91 / 70, cut off */
  g_assert_cmpint (geometry.resized_height, ==, 56);
  g_assert_cmpint (geometry.left, ==, 8);
  g_assert_cmpint (geometry.rows, ==, 4);
  g_assert_cmpint (geometry.columns, ==, 4);
}

/* Another preparation of an opened picture: the display is shared where it
 * stays the same, made anew where it does not. */
static void
test_with_preparation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeStudy)    study = support_open_formula (fixture->engine, 600, 400);
  struct dino_preparation       preparation = *dinoscope_study_get_preparation (study);
  g_autoptr (DinoscopeStudy)    whole = NULL;
  g_autoptr (DinoscopeStudy)    negative = NULL;
  g_autoptr (DinoscopeStudy)    none = NULL;
  g_autoptr (GError)            error = NULL;
  g_autoptr (GError)            refused = NULL;
  const guint8                 *display = dinoscope_study_get_display (study, NULL, NULL, NULL);
  const guint8                 *inverted;
  const struct dino_preparation file = { .voi = { .kind = DINO_DISPLAY_FILE, .voi = 0 } };

  preparation.fit = DINO_FIT_WHOLE;
  whole = dinoscope_study_new_with_preparation (study, &preparation, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (dinoscope_study_get_picture (whole) == dinoscope_study_get_picture (study));
  g_assert_true (dinoscope_study_get_display (whole, NULL, NULL, NULL) == display);
  g_assert_true (dinoscope_study_get_level (whole, 1, NULL, NULL) == dinoscope_study_get_level (study, 1, NULL, NULL));
  g_assert_cmpuint (dinoscope_study_get_n_levels (whole), ==, dinoscope_study_get_n_levels (study));
  g_assert_cmpint (dinoscope_study_get_preparation (whole)->fit, ==, DINO_FIT_WHOLE);
  g_assert_cmpint (dinoscope_study_get_preparation (study)->fit, ==, DINO_FIT_CROP);
  g_assert_cmpstr (dinoscope_study_get_sha256 (whole), ==, dinoscope_study_get_sha256 (study));
  g_assert_cmpstr (dinoscope_study_get_name (whole), ==, dinoscope_study_get_name (study));
  g_assert_true (dinoscope_study_get_file (whole) == dinoscope_study_get_file (study));

  preparation.invert = DINO_INVERT_YES;
  negative = dinoscope_study_new_with_preparation (whole, &preparation, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&whole);
  inverted = dinoscope_study_get_display (negative, NULL, NULL, NULL);
  for (int i = 0; i < 600 * 400; i++)
    g_assert_cmpint (inverted[i], ==, 255 - display[i]);
  g_assert_cmpuint (dinoscope_study_get_n_levels (negative), ==, dinoscope_study_get_n_levels (study));

  none = dinoscope_study_new_with_preparation (study, &file, NULL, &refused);
  g_assert_null (none);
  g_assert_error (refused, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
}

static void
test_render_display (Fixture *fixture, gconstpointer data)
{
  g_autoptr (DinoscopeStudy) study = support_open_formula (fixture->engine, 60, 40);
  const guint8              *display = dinoscope_study_get_display (study, NULL, NULL, NULL);
  const struct dino_display  automatic = { .kind = DINO_DISPLAY_AUTO };
  const struct dino_display  window = { .kind = DINO_DISPLAY_WINDOW, .window = { 100, 1, DINO_VOI_LINEAR } };
  const struct dino_display  file = { .kind = DINO_DISPLAY_FILE, .voi = 3 };
  g_autoptr (GError)         error = NULL;
  g_autoptr (GBytes)         same = dinoscope_study_render_display (study, &automatic, FALSE, &error);
  g_autoptr (GBytes)         threshold = dinoscope_study_render_display (study, &window, TRUE, &error);
  g_autoptr (GBytes)         none = NULL;
  const guint8              *pixels = g_bytes_get_data (threshold, NULL);

  g_assert_no_error (error);
  g_assert_true (g_bytes_get_data (same, NULL) == (gconstpointer) display);
  g_assert_cmpuint (g_bytes_get_size (threshold), ==, 60 * 40);
  for (int i = 0; i < 60 * 40; i++)
    g_assert_cmpint (pixels[i], ==, display[i] > 99 ? 0 : 255);
  none = dinoscope_study_render_display (study, &file, FALSE, &error);
  g_assert_null (none);
  g_assert_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/study/pyramid", Fixture, NULL, set_up, test_pyramid, tear_down);
  g_test_add ("/study/colour", Fixture, NULL, set_up, test_colour, tear_down);
  g_test_add ("/study/notes", Fixture, NULL, set_up, test_notes, tear_down);
  g_test_add ("/study/bytes", Fixture, NULL, set_up, test_bytes, tear_down);
  g_test_add ("/study/unreadable", Fixture, NULL, set_up, test_unreadable, tear_down);
  g_test_add ("/study/cancelled", Fixture, NULL, set_up, test_cancelled, tear_down);
  g_test_add ("/study/geometry", Fixture, NULL, set_up, test_geometry, tear_down);
  g_test_add ("/study/with-preparation", Fixture, NULL, set_up, test_with_preparation, tear_down);
  g_test_add ("/study/render-display", Fixture, NULL, set_up, test_render_display, tear_down);
  return g_test_run ();
}
