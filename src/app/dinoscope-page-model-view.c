/* DinoscopePage: the tensor that entered the encoder, in the place of the picture. */
#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "app/dinoscope-facts.h"
#include "app/dinoscope-page-private.h"

typedef struct
{
  DinoscopePage *page;
  GCancellable  *cancellable;
} InputRequest;

static void
show_words (DinoscopePage *self, const char *words)
{
  gtk_label_set_text (self->model_view_label, words != NULL ? words : "");
  gtk_widget_set_visible (GTK_WIDGET (self->model_view_label), words != NULL);
}

static char *
describe_tensor (DinoscopeModelInput *input)
{
  const struct dino_geometry *geometry = dinoscope_model_input_get_geometry (input);
  double                      low, high, mean;
  guint                       grey_low, grey_high;
  g_autofree char            *low_text = NULL;
  g_autofree char            *high_text = NULL;
  g_autofree char            *mean_text = NULL;

  dinoscope_model_input_get_range (input, &low, &high, &mean);
  dinoscope_model_input_get_grey_range (input, &grey_low, &grey_high);
  low_text = dinoscope_format_value (low);
  high_text = dinoscope_format_value (high);
  mean_text = dinoscope_format_value (mean);
  return g_strdup_printf (_ ("%d × %d px, %d × %d patches\npixel_values %s … %s, mean %s; greys %u … %u"),
                          geometry->input_width, geometry->input_height, geometry->columns, geometry->rows,
                          low_text, high_text, mean_text, grey_low, grey_high);
}

static void
take_input (DinoscopePage *self, DinoscopeModelInput *input)
{
  g_autofree char *words = input != NULL ? describe_tensor (input) : NULL;

  g_set_object (&self->input, input);
  dinoscope_canvas_set_model_input (self->canvas, input);
  show_words (self, words);
  dinoscope_page_readout_changed (self);
}

static void
prepare_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  InputRequest                   *request = user_data;
  g_autoptr (DinoscopePage)       self = g_steal_pointer (&request->page);
  g_autoptr (GCancellable)        cancellable = g_steal_pointer (&request->cancellable);
  g_autoptr (GError)              error = NULL;
  g_autoptr (DinoscopeModelInput) input = dinoscope_engine_prepare_finish (DINOSCOPE_ENGINE (source), result, &error);

  g_free (request);
  if (self->closed || self->input_cancellable != cancellable)
    return;
  g_clear_object (&self->input_cancellable);
  if (input != NULL)
    take_input (self, input);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_words (self, error->message);
}

static void
start_request (DinoscopePage *self, DinoscopeModel *model)
{
  InputRequest *request = g_new (InputRequest, 1);

  self->input_cancellable = g_cancellable_new ();
  request->page = g_object_ref (self);
  request->cancellable = g_object_ref (self->input_cancellable);
  dinoscope_engine_prepare_async (dinoscope_session_get_engine (self->session), self->study, model, self->input_cancellable, prepare_cb, request);
}

/* The tensor is that of another picture, model or preparation. */
void
dinoscope_page_drop_input (DinoscopePage *self)
{
  if (self->input_cancellable != NULL)
    g_cancellable_cancel (self->input_cancellable);
  g_clear_object (&self->input_cancellable);
  take_input (self, NULL);
}

void
dinoscope_page_update_model_view (DinoscopePage *self)
{
  DinoscopeModel  *model = dinoscope_page_get_model (self);
  g_autofree char *words = NULL;
  gboolean         wanted;

  g_object_get (self->canvas, "model-view", &wanted, NULL);
  if (!wanted)
    {
      show_words (self, NULL);
      dinoscope_page_readout_changed (self);
      return;
    }
  if (self->input != NULL)
    {
      words = describe_tensor (self->input);
      show_words (self, words);
    }
  else if (self->active && self->study != NULL && model != NULL && self->has_geometry && self->input_cancellable == NULL)
    start_request (self, model);
  dinoscope_page_readout_changed (self);
}

/* The point that the status line is about; FALSE when there is none. */
static gboolean
get_point (DinoscopePage *self, double *x, double *y)
{
  int             row, column;
  struct dino_box box;

  if (self->pointer_inside)
    {
      *x = self->pointer_x;
      *y = self->pointer_y;
      return TRUE;
    }
  if (!self->has_geometry || !dinoscope_canvas_get_selected_patch (self->canvas, &row, &column))
    return FALSE;
  box = dino_geometry_patch (&self->geometry, row, column);
  *x = (box.x0 + box.x1) / 2;
  *y = (box.y0 + box.y1) / 2;
  return TRUE;
}

/* One value when the channels are equal, else three. */
static char *
describe_values (DinoscopeModelInput *input, int column, int row)
{
  const struct dino_geometry *geometry = dinoscope_model_input_get_geometry (input);
  const float                *values = g_bytes_get_data (dinoscope_model_input_get_values (input), NULL);
  gsize                       n = (gsize) geometry->input_width * (gsize) geometry->input_height;
  gsize                       at = (gsize) row * (gsize) geometry->input_width + (gsize) column;
  g_autofree char            *first = dinoscope_format_value ((double) values[at]);
  g_autofree char            *second = dinoscope_format_value ((double) values[n + at]);
  g_autofree char            *third = dinoscope_format_value ((double) values[2 * n + at]);

  if (g_str_equal (first, second) && g_str_equal (first, third))
    return g_steal_pointer (&first);
  return g_strjoin (" ", first, second, third, NULL);
}

static char *
describe_greys (DinoscopeModelInput *input, int column, int row)
{
  const struct dino_geometry *geometry = dinoscope_model_input_get_geometry (input);
  const guint8               *greys = g_bytes_get_data (dinoscope_model_input_get_greys (input), NULL);

  greys += ((gsize) row * (gsize) geometry->input_width + (gsize) column) * 3;
  if (greys[0] == greys[1] && greys[0] == greys[2])
    return g_strdup_printf ("%u", greys[0]);
  return g_strdup_printf ("%u %u %u", greys[0], greys[1], greys[2]);
}

char *
dinoscope_page_describe_input (DinoscopePage *self)
{
  gboolean         shown;
  double           x, y;
  int              column, row;
  g_autofree char *values = NULL;
  g_autofree char *greys = NULL;

  g_object_get (self->canvas, "model-view", &shown, NULL);
  if (!shown || self->input == NULL || !get_point (self, &x, &y) || !dinoscope_model_input_find_pixel (self->input, x, y, &column, &row))
    return g_strdup ("");
  values = describe_values (self->input, column, row);
  greys = describe_greys (self->input, column, row);
  return g_strdup_printf (_ ("input x %d y %d: %s (grey %s)"), column, row, values, greys);
}
