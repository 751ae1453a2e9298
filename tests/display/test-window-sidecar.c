/* Sidecars bring back the view that they were exported from: the export of what
 * was reopened has the bytes of the first one. */
#include "window-fixture.h"

#include "app/dinoscope-page-private.h"
#include "io/dicom-builder.h"

/* Everything that a sidecar tells is otherwise than at first. */
static DinoscopePage *
set_scene (WindowFixture *fixture)
{
  DinoscopePage                       *page = window_fixture_show_example (fixture, "chest-02.png");
  DinoscopeOverlaySettings            *settings = dinoscope_window_get_settings (fixture->window);
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("cls-attention");
  struct dino_map_style                style;
  struct dino_preparation              preparation = { .fit = DINO_FIT_PAD };
  struct dino_display                  display = { .kind = DINO_DISPLAY_WINDOW, .window = { .center = 100, .width = 150 } };

  dinoscope_overlay_settings_set_provider (settings, provider);
  dinoscope_overlay_settings_set_value (settings, "block", g_variant_new_int32 (2));
  dinoscope_overlay_settings_set_value (settings, "head", g_variant_new_string ("max"));
  style = *dinoscope_overlay_settings_get_style (settings);
  style.colormap = dino_colormap_find ("magma");
  style.opacity = 0.375;
  style.smooth = DINO_SMOOTH_BILINEAR;
  style.has_range = true;
  style.high = 0.25;
  dinoscope_overlay_settings_set_style (settings, &style);
  dinoscope_preparation_settings_set (fixture->window->preparation, &preparation);
  g_assert_true (dinoscope_page_prepare (page) || dinoscope_study_get_preparation (dinoscope_page_get_study (page))->fit == DINO_FIT_PAD);
  window_fixture_wait (fixture, window_has_map);
  dinoscope_greys_set_display (dinoscope_page_get_greys (page), &display);
  dinoscope_greys_set_exchanged (dinoscope_page_get_greys (page), TRUE);
  dinoscope_marks_set_cursor (dinoscope_page_get_marks (page), 12, 13);
  dinoscope_marks_toggle_pin (dinoscope_page_get_marks (page), 20, 5);
  dinoscope_regions_add (dinoscope_page_get_regions (page), DINO_SHAPE_BOX, (struct dino_box){ 10, 20, 90.5, 80 }, "here");
  dinoscope_canvas_show_box (dinoscope_page_get_canvas (page), (struct dino_box){ 33.25, 40, 211, 300 }, 3, FALSE);
  window_fixture_wait (fixture, window_has_map);
  return page;
}

/* And all of it as at first. */
static void
change_everything (WindowFixture *fixture, DinoscopePage *page)
{
  DinoscopeOverlaySettings            *settings = dinoscope_window_get_settings (fixture->window);
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("pca");
  struct dino_preparation              own = { 0 };

  dinoscope_page_reset_view (page);
  dinoscope_overlay_settings_set_provider (settings, provider);
  dinoscope_overlay_settings_reset (settings);
  dinoscope_marks_clear (dinoscope_page_get_marks (page));
  dinoscope_regions_clear (dinoscope_page_get_regions (page));
  dinoscope_preparation_settings_set (fixture->window->preparation, &own);
  dinoscope_page_prepare (page);
  window_fixture_wait (fixture, window_has_map);
}

static gboolean
is_seen_again (WindowFixture *fixture)
{
  DinoscopePage  *page = dinoscope_window_get_page (fixture->window);
  struct dino_box box;
  int             turns;
  gboolean        flipped;

  return page != NULL && dinoscope_page_get_study (page) != NULL && page->sidecar == NULL && window_has_map (fixture) &&
         dinoscope_canvas_get_seen (dinoscope_page_get_canvas (page), &box, &turns, &flipped) && turns == 3;
}

static void
open (WindowFixture *fixture, const char *name)
{
  g_autoptr (GFile) file = window_fixture_child (fixture, name);

  window_fixture_open (fixture, file);
}

static void
assert_same_export (WindowFixture *fixture)
{
  window_fixture_wait (fixture, is_seen_again);
  window_fixture_export (fixture, "again.png", DINOSCOPE_EXPORT_VISIBLE | DINOSCOPE_EXPORT_BAR);
  window_fixture_assert_equal_files (fixture, "first.png", "again.png");
  window_fixture_assert_equal_files (fixture, "first.json", "again.json");
}

/* The picture is open: it is found by what it holds. */
static void
test_open_picture (WindowFixture *fixture)
{
  DinoscopePage *page = set_scene (fixture);

  window_fixture_export (fixture, "first.png", DINOSCOPE_EXPORT_VISIBLE | DINOSCOPE_EXPORT_BAR);
  change_everything (fixture, page);
  open (fixture, "first.json");
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
  assert_same_export (fixture);
  g_assert_cmpstr (dinoscope_regions_get (dinoscope_page_get_regions (page), 0)->label, ==, "here");
}

/* Picture and sidecar come together, as on the command line, in any order. */
static void
test_together (WindowFixture *fixture)
{
  g_autoptr (GFile) sidecar = window_fixture_child (fixture, "first.json");
  g_autoptr (GFile) film = window_fixture_example ("chest-02.png");
  DinoscopePage    *page = set_scene (fixture);

  window_fixture_export (fixture, "first.png", DINOSCOPE_EXPORT_VISIBLE | DINOSCOPE_EXPORT_BAR);
  change_everything (fixture, page);
  window_fixture_activate (fixture, "win.close-tab");
  dinoscope_window_open_files (fixture->window, (GFile *[]){ sidecar, film }, 2);
  assert_same_export (fixture);
}

static gboolean
is_applied (WindowFixture *fixture)
{
  return dinoscope_window_get_page (fixture->window)->sidecar == NULL && window_has_map (fixture);
}

/* On another picture the recipe counts, the places do not. */
static void
test_other_picture (WindowFixture *fixture)
{
  g_autoptr (GFile)         sidecar = window_fixture_child (fixture, "first.json");
  g_autoptr (GFile)         film = window_fixture_example ("chest-03.png");
  DinoscopePage            *page = set_scene (fixture);
  DinoscopeOverlaySettings *settings = dinoscope_window_get_settings (fixture->window);

  window_fixture_export (fixture, "first.png", DINOSCOPE_EXPORT_PLAIN);
  change_everything (fixture, page);
  window_fixture_activate (fixture, "win.close-tab");
  dinoscope_window_open_files (fixture->window, (GFile *[]){ film, sidecar }, 2);
  page = dinoscope_window_get_page (fixture->window);
  window_fixture_wait (fixture, is_applied);
  g_assert_cmpstr (dinoscope_overlay_provider_get_id (dinoscope_overlay_settings_get_provider (settings)), ==, "cls-attention");
  g_assert_cmpfloat (dinoscope_overlay_settings_get_opacity (settings), ==, 0.375);
  g_assert_cmpuint (dinoscope_marks_get_n_pins (dinoscope_page_get_marks (page)), ==, 0);
  g_assert_cmpuint (dinoscope_regions_get_n (dinoscope_page_get_regions (page)), ==, 0);
}

/* A PNG with an eXIf chunk that turns it by a quarter. */
static GFile *
write_turned (WindowFixture *fixture)
{
  static const guint8    exif[] = { 0, 0, 0, 26, 'e', 'X', 'I', 'f', 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0 };
  static const guint8    checksum[] = { 0xd6, 0x67, 0x4b, 0x69 };
  g_autoptr (GFile)      film = window_fixture_example ("chest-02.png");
  g_autofree char       *data = NULL;
  gsize                  length;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_assert_true (g_file_load_contents (film, NULL, &data, &length, NULL, NULL));
  /* Behind signature and header. */
  g_byte_array_append (bytes, (const guint8 *) data, 33);
  g_byte_array_append (bytes, exif, sizeof exif);
  g_byte_array_append (bytes, checksum, sizeof checksum);
  g_byte_array_append (bytes, (const guint8 *) data + 33, length - 33);
  return window_fixture_write (fixture, "turned.png", bytes->data, bytes->len);
}

/* The command line left the picture as it is stored: so does the window when it reopens that. */
static void
test_not_turned (WindowFixture *fixture)
{
  g_autoptr (GFile)          film = write_turned (fixture);
  g_autofree char           *first = g_build_filename (fixture->folder, "first.png", NULL);
  g_autofree char           *sidecar_path = g_build_filename (fixture->folder, "first.json", NULL);
  g_autoptr (GFile)          sidecar = g_file_new_for_path (sidecar_path);
  const struct dino_picture *picture;
  DinoscopePage             *page;

  window_fixture_run ((const char *const[]){ g_getenv ("DINOSCOPE_CLI"), "--quiet", "map", g_file_peek_path (film), "--overlay", "norm", "--no-exif", "-o", first, NULL });
  window_fixture_open (fixture, film);
  window_fixture_wait (fixture, window_has_map);
  page = dinoscope_window_get_page (fixture->window);
  g_assert_false (dinoscope_study_get_ignore_exif (dinoscope_page_get_study (page)));
  dinoscope_window_open_files (fixture->window, (GFile *[]){ film, sidecar }, 2);
  window_fixture_wait (fixture, is_applied);
  picture = dinoscope_study_get_picture (dinoscope_page_get_study (page));
  g_assert_true (dinoscope_study_get_ignore_exif (dinoscope_page_get_study (page)));
  g_assert_cmpint (picture->width, !=, 0);
  window_fixture_export (fixture, "again.png", DINOSCOPE_EXPORT_PLAIN);
  window_fixture_assert_equal_files (fixture, "first.png", "again.png");
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
}

/* Two frames of 60 x 50 pixels, one the other upside down. */
static GFile *
write_frames (WindowFixture *fixture)
{
  g_autoptr (Dicom)      dicom = dicom_new (DICOM_EXPLICIT, NULL);
  g_autoptr (GByteArray) bytes = NULL;
  guint16                words[2 * 60 * 50];

  for (int i = 0; i < 60 * 50; i++)
    words[i] = words[2 * 60 * 50 - 1 - i] = (guint16) (i + (i % 7) * 100);
  dicom_put_text (dicom, DICOM_TAG (0x0008, 0x0016), "UI", "1.2.840.10008.5.1.4.1.1.1");
  dicom_put_text (dicom, DICOM_TAG (0x0008, 0x0060), "CS", "CR");
  dicom_put_word (dicom, DICOM_TAG (0x0028, 0x0002), "US", 1);
  dicom_put_text (dicom, DICOM_TAG (0x0028, 0x0004), "CS", "MONOCHROME2");
  dicom_put_text (dicom, DICOM_TAG (0x0028, 0x0008), "IS", "2");
  dicom_put_word (dicom, DICOM_TAG (0x0028, 0x0010), "US", 50);
  dicom_put_word (dicom, DICOM_TAG (0x0028, 0x0011), "US", 60);
  dicom_put_word (dicom, DICOM_TAG (0x0028, 0x0100), "US", 16);
  dicom_put_word (dicom, DICOM_TAG (0x0028, 0x0101), "US", 12);
  dicom_put_word (dicom, DICOM_TAG (0x0028, 0x0102), "US", 11);
  dicom_put_word (dicom, DICOM_TAG (0x0028, 0x0103), "US", 0);
  dicom_put_words (dicom, DICOM_TAG (0x7fe0, 0x0010), "OW", words, G_N_ELEMENTS (words));
  bytes = dicom_finish (dicom, DICOM_PREAMBLE);
  return window_fixture_write (fixture, "frames.dcm", bytes->data, bytes->len);
}

/* A file of several frames is refused unless one is named, as the sidecar does. */
static void
test_frame (WindowFixture *fixture)
{
  g_autoptr (GFile) film = write_frames (fixture);
  g_autoptr (GFile) sidecar = window_fixture_child (fixture, "first.json");
  g_autofree char  *first = g_build_filename (fixture->folder, "first.png", NULL);

  window_fixture_run ((const char *const[]){ g_getenv ("DINOSCOPE_CLI"), "--quiet", "map", g_file_peek_path (film), "--frame", "2", "--overlay", "norm", "-o", first, NULL });
  dinoscope_window_open_files (fixture->window, (GFile *[]){ film, sidecar }, 2);
  window_fixture_wait (fixture, is_applied);
  g_assert_cmpint (dinoscope_study_get_preparation (dinoscope_page_get_study (dinoscope_window_get_page (fixture->window)))->frame, ==, 2);
  window_fixture_export (fixture, "again.png", DINOSCOPE_EXPORT_PLAIN);
  window_fixture_assert_equal_files (fixture, "first.png", "again.png");
}

static gboolean
has_two_views (WindowFixture *fixture)
{
  DinoscopeBoard *board = fixture->window->board;

  return board != NULL && dinoscope_board_get_n_pages (board) == 2 && is_applied (fixture);
}

/* What it compares with is found by its pixels, in the folder or in another tab. */
static void
test_reference_when (WindowFixture *fixture, gboolean open_already)
{
  g_autoptr (GFile) film = window_fixture_copy_example (fixture, "chest-01.png", "film.png");
  g_autoptr (GFile) other = window_fixture_copy_example (fixture, "chest-02.png", "other.png");
  g_autofree char  *first = g_build_filename (fixture->folder, "first.png", NULL);
  g_autofree char  *sidecar_path = g_build_filename (fixture->folder, "first.json", NULL);
  g_autoptr (GFile) sidecar = g_file_new_for_path (sidecar_path);

  window_fixture_run ((const char *const[]){ g_getenv ("DINOSCOPE_CLI"), "--quiet", "map", g_file_peek_path (film), "--overlay", "difference", "--set", "against=reference",
                                             "--reference", g_file_peek_path (other), "-o", first, NULL });
  if (open_already)
    {
      g_autoptr (GFile) moved = window_fixture_example ("chest-02.png");

      g_assert_true (g_file_delete (other, NULL, NULL));
      window_fixture_open (fixture, moved);
      window_fixture_wait (fixture, window_has_map);
    }
  dinoscope_window_open_files (fixture->window, (GFile *[]){ film, sidecar }, 2);
  window_fixture_wait (fixture, has_two_views);
  window_fixture_export (fixture, "again.png", DINOSCOPE_EXPORT_PLAIN);
  window_fixture_assert_equal_files (fixture, "first.png", "again.png");
}

static void
test_reference_beside (WindowFixture *fixture)
{
  test_reference_when (fixture, FALSE);
}

static void
test_reference_open (WindowFixture *fixture)
{
  test_reference_when (fixture, TRUE);
}

static gboolean
has_covered (WindowFixture *fixture)
{
  DinoscopePage *page = dinoscope_window_get_page (fixture->window);

  return is_applied (fixture) && dinoscope_what_if_get_state (dinoscope_page_get_what_if (page)) == DINOSCOPE_WHAT_IF_DONE &&
         page->references_used != NULL && page->references_used->len == 1;
}

/* The difference to a copy that is covered: the window and the command line make it anew. */
static void
test_covered (WindowFixture *fixture)
{
  const struct dino_occlusion          occlusion = { .fill = DINO_FILL_GREY, .level = 0.25 };
  g_autoptr (GFile)                    film = window_fixture_copy_example (fixture, "chest-01.png", "film.png");
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("difference");
  g_autofree char                     *sidecar_path = g_build_filename (fixture->folder, "first.json", NULL);
  g_autofree char                     *cli = g_build_filename (fixture->folder, "cli.png", NULL);
  g_autoptr (GFile)                    sidecar = g_file_new_for_path (sidecar_path);
  DinoscopeOverlaySettings            *settings;
  DinoscopePage                       *page;

  window_fixture_open (fixture, film);
  window_fixture_wait (fixture, window_is_encoded);
  window_fixture_wait (fixture, window_has_map);
  page = dinoscope_window_get_page (fixture->window);
  settings = dinoscope_window_get_settings (fixture->window);
  dinoscope_what_if_cover (dinoscope_page_get_what_if (page), (struct dino_box){ 60, 70.5, 131, 160 }, &occlusion);
  dinoscope_overlay_settings_set_provider (settings, provider);
  dinoscope_overlay_settings_set_value (settings, "against", g_variant_new_string ("reference"));
  window_fixture_wait (fixture, has_covered);
  window_fixture_export (fixture, "first.png", DINOSCOPE_EXPORT_PLAIN);

  window_fixture_run ((const char *const[]){ g_getenv ("DINOSCOPE_CLI"), "--quiet", "map", g_file_peek_path (film), "--from", sidecar_path, "-o", cli, NULL });
  window_fixture_assert_equal_files (fixture, "first.png", "cli.png");

  dinoscope_what_if_reset (dinoscope_page_get_what_if (page));
  change_everything (fixture, page);
  window_fixture_open (fixture, sidecar);
  window_fixture_wait (fixture, has_covered);
  window_fixture_export (fixture, "again.png", DINOSCOPE_EXPORT_PLAIN);
  window_fixture_assert_equal_files (fixture, "first.png", "again.png");
  window_fixture_assert_equal_files (fixture, "first.json", "again.json");
}

static gboolean
shows_third (WindowFixture *fixture)
{
  DinoscopeStudy *study = dinoscope_page_get_study (dinoscope_window_get_page (fixture->window));

  return study != NULL && g_str_equal (dinoscope_study_get_name (study), "chest-03.png");
}

/* What was to be covered of one picture is not covered of the next. */
static void
test_cover_forgotten (WindowFixture *fixture)
{
  const DinoscopeCover cover = { TRUE, { 60, 70, 131, 160 }, { .fill = DINO_FILL_GREY, .level = 0.25 } };
  g_autoptr (GFile)    other = window_fixture_example ("chest-02.png");
  DinoscopePage       *page;

  window_fixture_wait (fixture, window_has_model);
  window_fixture_open (fixture, other);
  window_fixture_wait (fixture, window_is_running);
  page = dinoscope_window_get_page (fixture->window);
  dinoscope_page_want_cover (page, &cover);
  g_assert_true (page->cover_wanted.known);
  dinoscope_page_cancel (page);
  dinoscope_page_step (page, 1);
  window_fixture_wait (fixture, shows_third);
  window_fixture_wait (fixture, window_is_encoded);
  g_assert_cmpint (dinoscope_what_if_get_state (dinoscope_page_get_what_if (page)), ==, DINOSCOPE_WHAT_IF_NONE);
}

/* Nothing happens but a sentence. */
static void
test_not_a_sidecar (WindowFixture *fixture)
{
  g_autoptr (GFile) bad = window_fixture_write (fixture, "bad.json", "{\"schema\": 1}", 13);

  window_fixture_show_example (fixture, "chest-02.png");
  window_fixture_open (fixture, bad);
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
  g_assert_null (dinoscope_window_get_page (fixture->window)->sidecar);
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-sidecar/open-picture", NULL, test_open_picture);
  window_fixture_add ("/window-sidecar/together", NULL, test_together);
  window_fixture_add ("/window-sidecar/other-picture", NULL, test_other_picture);
  window_fixture_add ("/window-sidecar/not-turned", NULL, test_not_turned);
  window_fixture_add ("/window-sidecar/reference-beside", NULL, test_reference_beside);
  window_fixture_add ("/window-sidecar/reference-open", NULL, test_reference_open);
  window_fixture_add ("/window-sidecar/frame", NULL, test_frame);
  window_fixture_add ("/window-sidecar/covered", NULL, test_covered);
  window_fixture_add ("/window-sidecar/cover-forgotten", NULL, test_cover_forgotten);
  window_fixture_add ("/window-sidecar/not-a-sidecar", NULL, test_not_a_sidecar);
  return g_test_run ();
}
