#include "app/dinoscope-compare-model.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-choice.h"
#include "app/dinoscope-dialog.h"
#include "app/dinoscope-model-row.h"

struct _DinoscopeCompareModel
{
  AdwWindow parent_instance;

  DinoscopeSession *session;
  GCancellable     *list_cancellable;
  GCancellable     *load_cancellable; /* while a model is loaded */
  GPtrArray        *rows;             /* DinoscopeModelRow, which the group owns */

  GtkWidget           *content;
  AdwPreferencesGroup *models;
  AdwComboRow         *precision_row;
  GtkLabel            *memory_label;
  GtkRevealer         *problem;
  GtkLabel            *problem_label;
  GtkWidget           *load_button;
  GtkSpinner          *spinner;
};

G_DEFINE_FINAL_TYPE (DinoscopeCompareModel, dinoscope_compare_model, ADW_TYPE_WINDOW)

static guint loaded_signal;

static DinoscopeFoundModel *
get_selected (DinoscopeCompareModel *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (dinoscope_model_row_get_selected (self->rows->pdata[i]))
      return dinoscope_model_row_get_model (self->rows->pdata[i]);
  return NULL;
}

/* The matrices, as they are packed: 8 bits leave the second one of the MLP in bfloat16. */
static guint64
estimate_weights (const struct dino_config *config, enum dino_precision precision)
{
  guint64 width = (guint64) config->hidden_size, mlp = (guint64) config->mlp_size;
  guint64 square = 4 * width * width + (config->swiglu ? 2 : 1) * width * mlp;
  guint64 last = width * mlp;
  guint64 first = 3 * width * (guint64) config->patch_size * (guint64) config->patch_size;
  guint64 blocks = (guint64) config->n_blocks;

  switch (precision)
    {
    case DINO_PRECISION_BF16:
      return 2 * (blocks * (square + last) + first);
    case DINO_PRECISION_INT8:
      return blocks * (square + 2 * last) + 2 * first;
    case DINO_PRECISION_FP32:
    default:
      return 4 * (blocks * (square + last) + first);
    }
}

static void
tell_problem (DinoscopeCompareModel *self, const char *problem)
{
  gtk_label_set_text (self->problem_label, problem != NULL ? problem : "");
  gtk_revealer_set_reveal_child (self->problem, problem != NULL);
}

static void
update (DinoscopeCompareModel *self)
{
  DinoscopeFoundModel      *found = get_selected (self);
  enum dino_precision       precision = (enum dino_precision) dinoscope_choice_get (self->precision_row);
  const struct dino_config *config = found != NULL ? dinoscope_found_model_get_config (found) : NULL;
  g_autoptr (GError)        error = NULL;
  g_autofree char          *text = NULL;
  gboolean                  possible;

  if (self->session == NULL)
    return;
  possible = dinoscope_engine_check_precision (dinoscope_session_get_engine (self->session), precision, &error);
  tell_problem (self, possible ? NULL : error->message);
  if (config != NULL && possible)
    {
      g_autofree char *bytes = g_format_size (estimate_weights (config, precision));

      text = g_strdup_printf (_ ("About %s of memory for its weights, beside those of the encoder in use."), bytes);
    }
  gtk_label_set_text (self->memory_label, text != NULL ? text : "");
  gtk_widget_set_sensitive (self->load_button, found != NULL && possible && self->load_cancellable == NULL);
  gtk_widget_set_sensitive (self->content, self->load_cancellable == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->load_cancellable != NULL);
  gtk_spinner_set_spinning (self->spinner, self->load_cancellable != NULL);
}

static void
load_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeCompareModel) self = user_data;
  g_autoptr (GError)                error = NULL;
  g_autoptr (DinoscopeModel)        model = dinoscope_engine_load_model_finish (DINOSCOPE_ENGINE (source), result, &error);

  if (self->load_cancellable == NULL || g_cancellable_is_cancelled (self->load_cancellable))
    return;
  g_clear_object (&self->load_cancellable);
  update (self);
  if (model == NULL)
    {
      tell_problem (self, error->message);
      return;
    }
  g_signal_emit (self, loaded_signal, 0, model);
  gtk_window_destroy (GTK_WINDOW (self));
}

void
dinoscope_compare_model_load (DinoscopeCompareModel *self)
{
  DinoscopeFoundModel  *found;
  DinoscopeModelOptions options = { 0 };

  g_return_if_fail (DINOSCOPE_IS_COMPARE_MODEL (self));

  found = get_selected (self);
  if (found == NULL || self->load_cancellable != NULL)
    return;
  options.precision = (enum dino_precision) dinoscope_choice_get (self->precision_row);
  self->load_cancellable = g_cancellable_new ();
  update (self);
  dinoscope_engine_load_model_async (dinoscope_session_get_engine (self->session), dinoscope_found_model_get_path (found), &options, self->load_cancellable, load_cb, g_object_ref (self));
}

gboolean
dinoscope_compare_model_choose (DinoscopeCompareModel *self, const char *path, enum dino_precision precision)
{
  g_return_val_if_fail (DINOSCOPE_IS_COMPARE_MODEL (self), FALSE);

  adw_combo_row_set_selected (self->precision_row, (guint) precision);
  for (guint i = 0; i < self->rows->len; i++)
    if (g_str_equal (dinoscope_found_model_get_path (dinoscope_model_row_get_model (self->rows->pdata[i])), path))
      {
        dinoscope_model_row_set_selected (self->rows->pdata[i], TRUE);
        update (self);
        return TRUE;
      }
  return FALSE;
}

static void
add_rows (DinoscopeCompareModel *self, GListModel *models)
{
  for (guint i = 0; i < g_list_model_get_n_items (models); i++)
    {
      g_autoptr (DinoscopeFoundModel) model = g_list_model_get_item (models, i);
      DinoscopeModelRow              *row = dinoscope_model_row_new (model, i > 0 ? self->rows->pdata[0] : NULL);

      g_signal_connect_object (row, "chosen", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
      adw_preferences_group_add (self->models, GTK_WIDGET (row));
      g_ptr_array_add (self->rows, row);
    }
  update (self);
}

static void
list_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeCompareModel) self = user_data;
  g_autoptr (GListModel)            models = dinoscope_engine_list_models_finish (DINOSCOPE_ENGINE (source), result, NULL);

  if (models != NULL && !g_cancellable_is_cancelled (self->list_cancellable))
    add_rows (self, models);
}

static void
cancel (DinoscopeCompareModel *self)
{
  if (self->list_cancellable != NULL)
    g_cancellable_cancel (self->list_cancellable);
  if (self->load_cancellable != NULL)
    g_cancellable_cancel (self->load_cancellable);
}

static void
dinoscope_compare_model_dispose (GObject *object)
{
  DinoscopeCompareModel *self = DINOSCOPE_COMPARE_MODEL (object);

  cancel (self);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_COMPARE_MODEL);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (dinoscope_compare_model_parent_class)->dispose (object);
}

static void
dinoscope_compare_model_finalize (GObject *object)
{
  DinoscopeCompareModel *self = DINOSCOPE_COMPARE_MODEL (object);

  g_clear_object (&self->list_cancellable);
  g_clear_object (&self->load_cancellable);

  G_OBJECT_CLASS (dinoscope_compare_model_parent_class)->finalize (object);
}

static void
dinoscope_compare_model_class_init (DinoscopeCompareModelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_compare_model_dispose;
  G_OBJECT_CLASS (klass)->finalize = dinoscope_compare_model_finalize;
  loaded_signal = g_signal_new ("loaded", DINOSCOPE_TYPE_COMPARE_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, DINOSCOPE_TYPE_MODEL);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-compare-model.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeCompareModel, content);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeCompareModel, models);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeCompareModel, precision_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeCompareModel, memory_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeCompareModel, problem);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeCompareModel, problem_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeCompareModel, load_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeCompareModel, spinner);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_bind_template_callback (widget_class, dinoscope_compare_model_load);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
dinoscope_compare_model_init (DinoscopeCompareModel *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

DinoscopeCompareModel *
dinoscope_compare_model_new (GtkWindow *parent, DinoscopeSession *session, GSettings *preferences)
{
  DinoscopeCompareModel *self = g_object_new (DINOSCOPE_TYPE_COMPARE_MODEL, "modal", TRUE, NULL);
  DinoscopeModel        *model = dinoscope_session_get_model (session);
  g_autofree char       *setting = g_settings_get_string (preferences, "model");

  dinoscope_dialog_set_parent (GTK_WINDOW (self), parent);
  self->session = g_object_ref (session);
  self->list_cancellable = g_cancellable_new ();
  dinoscope_engine_list_models_async (dinoscope_session_get_engine (session), model != NULL ? dinoscope_model_get_path (model) : NULL, setting, self->list_cancellable, list_cb, g_object_ref (self));
  update (self);
  return self;
}
