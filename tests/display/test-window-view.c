/* What the model gets, in the window: its preparation, its tensor, distances. */
#include "window-fixture.h"

#include "app/dinoscope-page-private.h"

static DinoscopePage *
get_page (WindowFixture *fixture)
{
  return dinoscope_window_get_page (fixture->window);
}

static void
assert_status_has (WindowFixture *fixture, const char *part, gboolean has)
{
  g_autofree char *text = dinoscope_status_line_dup_text (fixture->window->status_line);

  if ((strstr (text, part) != NULL) != has)
    g_error ("“%s” %s “%s”", text, has ? "lacks" : "has", part);
}

static gboolean
has_input (WindowFixture *fixture)
{
  return get_page (fixture) != NULL && get_page (fixture)->input != NULL;
}

static gboolean
can_go_on (WindowFixture *fixture)
{
  return get_page (fixture)->next != NULL;
}

/* The tensor that is shown is the one that was encoded: it has that picture and that model. */
static void
assert_input_is_shown (WindowFixture *fixture)
{
  DinoscopePage                  *page = get_page (fixture);
  DinoscopeSession               *session = dinoscope_application_get_session (fixture->application);
  g_autoptr (GError)              error = NULL;
  g_autoptr (DinoscopeModelInput) expected = dinoscope_engine_prepare (dinoscope_session_get_engine (session), dinoscope_page_get_study (page),
                                                                       dinoscope_session_get_model (session), NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (dinoscope_model_input_get_values (page->input), dinoscope_model_input_get_values (expected)));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (page->model_view_label)));
}

/* Values by hand: (grey / 255 - mean) / std of the processor that the model names. */
static void
test_model_view (WindowFixture *fixture)
{
  DinoscopePage *page = window_fixture_show_example (fixture, "chest-01.png");
  const float   *values;

  assert_status_has (fixture, "input x", FALSE);
  window_fixture_activate (fixture, "win.view-model");
  window_fixture_wait (fixture, has_input);
  assert_input_is_shown (fixture);
  g_assert_true (g_str_has_prefix (gtk_label_get_text (page->model_view_label), "What the model sees: 518 × 518 px, 37 × 37 patches\npixel_values −2.05 … 0.739, mean −0.617; greys 0 … 184\nfit=crop input-size=518 model-input=minmax "));

  /* The middle of patch row 0, column 0. */
  g_signal_emit_by_name (page->canvas, "pointer-moved", 0.0, 0.0, FALSE);
  dinoscope_canvas_select_patch (page->canvas, 0, 0);
  values = g_bytes_get_data (dinoscope_model_input_get_values (page->input), NULL);
  {
    int              grey = (int) ((values[7 * 518 + 7] * 0.2583 + 0.5307) * 255 + 0.5);
    g_autofree char *part = g_strdup_printf ("input x 7 y 7: ");
    g_autofree char *grey_part = g_strdup_printf ("(grey %d)", grey);

    assert_status_has (fixture, part, TRUE);
    assert_status_has (fixture, grey_part, TRUE);
  }

  /* It stays on with the next picture, and the former tensor is gone at once. */
  window_fixture_wait (fixture, can_go_on);
  window_fixture_activate (fixture, "win.next-picture");
  window_fixture_wait (fixture, window_is_encoded);
  window_fixture_wait (fixture, has_input);
  assert_input_is_shown (fixture);

  window_fixture_activate (fixture, "win.view-model");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (page->model_view_label)));
  assert_status_has (fixture, "input x", FALSE);
  /* Back again without another run. */
  window_fixture_activate (fixture, "win.view-model");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (page->model_view_label)));
}

/* A PNG says nothing of its spacing. */
static void
test_measure (WindowFixture *fixture)
{
  DinoscopePage *page = window_fixture_show_example (fixture, "chest-01.png");

  window_fixture_activate (fixture, "win.view-measure");
  gtk_widget_activate_action (GTK_WIDGET (page->canvas), "view.measure-add", NULL);
  assert_status_has (fixture, "distance ", TRUE);
  assert_status_has (fixture, " px", TRUE);
  gtk_widget_activate_action (GTK_WIDGET (page->canvas), "view.measure-remove", NULL);
  assert_status_has (fixture, "distance ", FALSE);
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;

  window_fixture_add ("/window-view/model-view", NULL, test_model_view);
  window_fixture_add ("/window-view/measure", NULL, test_measure);
  return g_test_run ();
}
