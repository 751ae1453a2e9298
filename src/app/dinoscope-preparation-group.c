#include "app/dinoscope-preparation-group.h"

#include "app/dinoscope-choice.h"
#include "app/dinoscope-preparation-words.h"
#include "core/encoder/encoder.h"

struct _DinoscopePreparationGroup
{
  AdwPreferencesGroup parent_instance;

  DinoscopePreparationSettings *settings; /* those that are shown */
  DinoscopePreparationSettings *common;   /* the window's */
  GSignalGroup                 *settings_signals;
  DinoscopePage                *page;
  GSignalGroup                 *page_signals;
  gboolean                      updating;

  GtkWidget      *reset_button;
  AdwComboRow    *fit_row;
  AdwExpanderRow *size_row;
  GtkSpinButton  *size_spin;
  AdwComboRow    *greys_row;
  AdwComboRow    *invert_row;
};

G_DEFINE_FINAL_TYPE (DinoscopePreparationGroup, dinoscope_preparation_group, ADW_TYPE_PREFERENCES_GROUP)

static DinoscopeModel *
get_model (DinoscopePreparationGroup *self)
{
  return self->page != NULL ? dinoscope_page_get_model (self->page) : NULL;
}

static const struct dino_picture *
get_picture (DinoscopePreparationGroup *self)
{
  DinoscopeStudy *study = self->page != NULL ? dinoscope_page_get_study (self->page) : NULL;

  return study != NULL ? dinoscope_study_get_picture (study) : NULL;
}

/* What a preparation would make of the picture and the model at hand; else why it cannot be. */
static gboolean
find_geometry (DinoscopePreparationGroup *self, const struct dino_preparation *preparation, struct dino_geometry *geometry, struct dino_error *failure)
{
  const struct dino_picture *picture = get_picture (self);
  const struct dino_model   *model = dinoscope_model_get_core (get_model (self));

  return dino_preparation_geometry (preparation, dino_model_processor (model), dino_model_config (model)->patch_size,
                                    picture->width, picture->height, geometry, failure);
}

static void
show_fit (DinoscopePreparationGroup *self, const struct dino_preparation *preparation, const struct dino_geometry *geometry)
{
  const char      *words = dinoscope_preparation_fit_words (preparation->fit);
  g_autofree char *unseen = geometry != NULL ? dinoscope_preparation_unseen (geometry) : NULL;
  g_autofree char *subtitle = unseen != NULL ? g_strdup_printf ("%s; %s", words, unseen) : g_strdup (words);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->fit_row), subtitle);
}

static char *
describe_cost (DinoscopePreparationGroup *self, const struct dino_geometry *geometry)
{
  const struct dino_preparation nothing = { 0 };
  DinoscopeModel               *model = get_model (self);
  const struct dino_model      *core = dinoscope_model_get_core (model);
  int                           threads = (int) dinoscope_engine_get_threads (dinoscope_session_get_engine (dinoscope_page_get_session (self->page)));
  struct dino_geometry          own;
  struct dino_error             failure = { 0 };
  gsize                         memory, result;

  if (!find_geometry (self, &nothing, &own, &failure))
    own = *geometry;
  memory = dino_encoder_memory (core, geometry->rows, geometry->columns, threads);
  result = dino_features_memory (core, geometry->rows, geometry->columns, DINO_KEEP_HIDDEN_STATES | DINO_KEEP_CLS_ATTENTION);
  memory = memory > G_MAXSIZE - result ? G_MAXSIZE : memory + result;
  return dinoscope_preparation_cost (geometry, &own, dinoscope_preparation_work (dino_model_config (core), geometry->rows, geometry->columns, own.rows, own.columns), memory);
}

static int
get_patch (DinoscopePreparationGroup *self)
{
  DinoscopeModel *model = get_model (self);

  return model != NULL ? dino_model_config (dinoscope_model_get_core (model))->patch_size : 14;
}

/* Multiples of the model's patch; without a size of one's own the processor's, as far as it is known. */
static void
show_size (DinoscopePreparationGroup *self, const struct dino_preparation *preparation, const struct dino_geometry *geometry, const char *problem)
{
  int              patch = get_patch (self);
  GtkAdjustment   *adjustment = gtk_spin_button_get_adjustment (self->size_spin);
  g_autofree char *cost = geometry != NULL ? describe_cost (self, geometry) : NULL;
  g_autofree char *escaped = g_markup_escape_text (cost != NULL ? cost : problem, -1);
  int              size = preparation->input_size;
  int              largest = DINO_PICTURE_MAX_SIDE / patch * patch;

  if (size == 0 && geometry != NULL)
    size = MIN (geometry->input_width, geometry->input_height);
  gtk_adjustment_configure (adjustment, size > 0 ? size : gtk_adjustment_get_value (adjustment), patch, largest, patch, 4 * patch, 0);
  adw_expander_row_set_enable_expansion (self->size_row, preparation->input_size != 0);
  adw_expander_row_set_subtitle (self->size_row, escaped);
}

static void
update (DinoscopePreparationGroup *self)
{
  const struct dino_preparation *preparation;
  const struct dino_picture     *picture = get_picture (self);
  struct dino_geometry           geometry;
  struct dino_error              failure = { 0 };
  gboolean                       known;

  if (self->settings == NULL)
    return;
  preparation = dinoscope_preparation_settings_get (self->settings);
  known = picture != NULL && get_model (self) != NULL && find_geometry (self, preparation, &geometry, &failure);
  self->updating = TRUE;
  adw_combo_row_set_selected (self->fit_row, (guint) preparation->fit);
  adw_combo_row_set_selected (self->greys_row, (guint) preparation->model_input);
  adw_combo_row_set_selected (self->invert_row, (guint) preparation->invert);
  show_fit (self, preparation, known ? &geometry : NULL);
  show_size (self, preparation, known ? &geometry : NULL, failure.message);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->greys_row), dinoscope_preparation_greys_words (preparation->model_input, picture));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->invert_row), dinoscope_preparation_invert_words (preparation, picture));
  gtk_widget_set_sensitive (self->reset_button, !dinoscope_preparation_is_own (preparation));
  self->updating = FALSE;
}

/* What was typed, brought to the patch. */
static int
get_whole_patches (DinoscopePreparationGroup *self)
{
  int patch = get_patch (self);
  int patches = (gtk_spin_button_get_value_as_int (self->size_spin) + patch / 2) / patch;

  return MAX (patches, 1) * patch;
}

static void
edited_cb (DinoscopePreparationGroup *self)
{
  struct dino_preparation preparation = { 0 };

  if (self->updating || self->settings == NULL)
    return;
  preparation.fit = (enum dino_fit) dinoscope_choice_get (self->fit_row);
  preparation.model_input = (enum dino_model_input) dinoscope_choice_get (self->greys_row);
  preparation.invert = (enum dino_invert) dinoscope_choice_get (self->invert_row);
  if (adw_expander_row_get_enable_expansion (self->size_row))
    preparation.input_size = get_whole_patches (self);
  dinoscope_preparation_settings_set (self->settings, &preparation);
}

static void
reset_cb (DinoscopePreparationGroup *self)
{
  const struct dino_preparation own = { 0 };

  dinoscope_preparation_settings_set (self->settings, &own);
}

static void
dinoscope_preparation_group_dispose (GObject *object)
{
  DinoscopePreparationGroup *self = DINOSCOPE_PREPARATION_GROUP (object);

  g_clear_object (&self->page_signals);
  g_clear_object (&self->page);
  g_clear_object (&self->settings_signals);
  g_clear_object (&self->settings);
  g_clear_object (&self->common);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_PREPARATION_GROUP);

  G_OBJECT_CLASS (dinoscope_preparation_group_parent_class)->dispose (object);
}

static void
dinoscope_preparation_group_class_init (DinoscopePreparationGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_preparation_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-preparation-group.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreparationGroup, reset_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreparationGroup, fit_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreparationGroup, size_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreparationGroup, size_spin);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreparationGroup, greys_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopePreparationGroup, invert_row);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, reset_cb);
}

/* A page's own settings go before those of the window. */
static void
choose_settings (DinoscopePreparationGroup *self)
{
  DinoscopePreparationSettings *settings;
  gboolean                      own = FALSE;

  if (self->page != NULL)
    g_object_get (self->page, "own-preparation", &own, NULL);
  settings = own ? dinoscope_page_get_preparation (self->page) : self->common;
  g_set_object (&self->settings, settings);
  g_signal_group_set_target (self->settings_signals, self->settings);
  update (self);
}

static void
dinoscope_preparation_group_init (DinoscopePreparationGroup *self)
{
  /* Widgets tell of their first values while the template is built. */
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
  self->page_signals = g_signal_group_new (DINOSCOPE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "notify::study", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::own-preparation", G_CALLBACK (choose_settings), self);
  self->settings_signals = g_signal_group_new (DINOSCOPE_TYPE_PREPARATION_SETTINGS);
  g_signal_group_connect_swapped (self->settings_signals, "changed", G_CALLBACK (update), self);
  /* The model may be another one. */
  g_signal_group_connect_swapped (self->page_signals, "notify::encoding", G_CALLBACK (update), self);
}

void
dinoscope_preparation_group_set_settings (DinoscopePreparationGroup *self, DinoscopePreparationSettings *settings)
{
  g_return_if_fail (DINOSCOPE_IS_PREPARATION_GROUP (self));

  g_set_object (&self->common, settings);
  choose_settings (self);
}

void
dinoscope_preparation_group_set_page (DinoscopePreparationGroup *self, DinoscopePage *page)
{
  g_return_if_fail (DINOSCOPE_IS_PREPARATION_GROUP (self));

  if (!g_set_object (&self->page, page))
    return;
  g_signal_group_set_target (self->page_signals, page);
  choose_settings (self);
}
