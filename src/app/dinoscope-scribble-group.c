#include "app/dinoscope-scribble-group.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-scribble-class-row.h"
#include "app/dinoscope-scribble-files.h"
#include "engine/dinoscope-paths-private.h"

/* What a file that is chosen is for. */
typedef enum
{
  CHOOSE_LOAD,
  CHOOSE_SAVE,
  CHOOSE_MASK,
  CHOOSE_OUTLINES
} Choice;

struct _DinoscopeScribbleGroup
{
  AdwPreferencesGroup parent_instance;

  DinoscopePage            *page;
  DinoscopeScribbleKit     *kit;
  DinoscopeScribbleTrainer *trainer;
  GSignalGroup             *page_signals;
  GSignalGroup             *scribbles_signals;
  GBindingGroup            *canvas_bindings;
  GPtrArray                *rows; /* a class each */

  GtkFileChooserNative *chooser;
  Choice                choice;

  GtkWidget       *save_button;
  GtkWidget       *clear_button;
  GtkToggleButton *paint_button;
  GtkToggleButton *rub_out_button;
  GtkSpinButton   *brush_spin;
  AdwExpanderRow  *classes_row;
  AdwActionRow    *decoder_row;
  GtkSpinner      *spinner;
  GtkButton       *train_button;
  AdwActionRow    *mask_row;
  GtkSwitch       *mask_switch;
  GtkScale        *opacity_scale;
  GtkSwitch       *edges_switch;
  GtkWidget       *mask_button;
  GtkWidget       *outlines_button;
};

G_DEFINE_FINAL_TYPE (DinoscopeScribbleGroup, dinoscope_scribble_group, ADW_TYPE_PREFERENCES_GROUP)

static void
tell (DinoscopeScribbleGroup *self, const char *text)
{
  if (self->page != NULL)
    g_signal_emit_by_name (self->page, "message", text);
}

static DinoscopeScribbles *
get_scribbles (DinoscopeScribbleGroup *self)
{
  return self->page != NULL ? dinoscope_page_get_scribbles (self->page) : NULL;
}

static GBytes *
get_mask (DinoscopeScribbleGroup *self)
{
  return self->page != NULL ? dinoscope_scribbles_get_mask (get_scribbles (self)) : NULL;
}

/* What is shown. */

static void
show_classes (DinoscopeScribbleGroup *self)
{
  guint            n = dinoscope_scribble_kit_get_n (self->kit);
  g_autofree char *current = NULL;

  while (self->rows->len > n)
    {
      adw_expander_row_remove (self->classes_row, g_ptr_array_index (self->rows, self->rows->len - 1));
      g_ptr_array_set_size (self->rows, (int) self->rows->len - 1);
    }
  while (self->rows->len < n)
    {
      DinoscopeScribbleClassRow *first = self->rows->len > 0 ? g_ptr_array_index (self->rows, 0) : NULL;
      GtkWidget                 *row = dinoscope_scribble_class_row_new (self->kit, self->rows->len, first);

      g_ptr_array_add (self->rows, row);
      adw_expander_row_add_row (self->classes_row, row);
    }
  for (guint i = 0; i < n; i++)
    dinoscope_scribble_class_row_update (g_ptr_array_index (self->rows, i));
  current = g_markup_escape_text (dinoscope_scribble_kit_get (self->kit, dinoscope_scribble_kit_get_current (self->kit))->name, -1);
  adw_expander_row_set_subtitle (self->classes_row, current);
}

/* Pixels of each class but what lies around, as shares of what was seen. */
static char *
describe_mask (DinoscopeScribbleGroup *self)
{
  const struct dino_classes *classes = dinoscope_scribbles_get_mask_classes (get_scribbles (self));
  gsize                      n, counts[256] = { 0 }, seen = 0;
  const guint8              *mask = g_bytes_get_data (get_mask (self), &n);
  GString                   *text = g_string_new (NULL);

  for (gsize i = 0; i < n; i++)
    counts[mask[i]]++;
  for (int c = 0; c < classes->n; c++)
    seen += counts[c];
  for (int c = 1; c < classes->n && seen > 0; c++)
    g_string_append_printf (text, _ ("%s%s %.1f %%"), c > 1 ? ", " : "", classes->list[c].name, 100.0 * (double) counts[c] / (double) seen);
  return g_string_free (text, FALSE);
}

static void
show_mask (DinoscopeScribbleGroup *self)
{
  gboolean         there = get_mask (self) != NULL;
  g_autofree char *text = there ? describe_mask (self) : NULL;
  g_autofree char *escaped = text != NULL ? g_markup_escape_text (text, -1) : NULL;
  const char      *waiting = dinoscope_scribble_trainer_is_segmenting (self->trainer) ? _ ("Making the mask…") : _ ("None yet");

  adw_action_row_set_subtitle (self->mask_row, escaped != NULL ? escaped : waiting);
  gtk_widget_set_sensitive (self->mask_button, there);
  gtk_widget_set_sensitive (self->outlines_button, there);
}

static void
show_decoder (DinoscopeScribbleGroup *self)
{
  gboolean         busy = dinoscope_scribble_trainer_is_busy (self->trainer);
  g_autofree char *text = dinoscope_scribble_trainer_describe (self->trainer);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_action_row_set_subtitle (self->decoder_row, escaped);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
  gtk_button_set_label (self->train_button, busy ? _ ("Cancel") : _ ("Train"));
  gtk_widget_set_sensitive (self->save_button, dinoscope_scribble_trainer_get_decoder (self->trainer) != NULL);
}

static void
update (DinoscopeScribbleGroup *self)
{
  DinoscopeScribbles *scribbles = get_scribbles (self);

  gtk_widget_set_sensitive (GTK_WIDGET (self), self->page != NULL && dinoscope_page_get_study (self->page) != NULL);
  gtk_widget_set_sensitive (self->clear_button, scribbles != NULL && dinoscope_scribbles_get_n (scribbles) > 0);
  show_decoder (self);
  show_mask (self);
}

/* Another picture gets a mask when there is a decoder. */
static void
mask_wanted (DinoscopeScribbleGroup *self)
{
  if (self->page != NULL)
    dinoscope_scribble_trainer_segment (self->trainer, self->page);
  update (self);
}

static void
message_cb (DinoscopeScribbleGroup *self, const char *text)
{
  tell (self, text);
}

/* Buttons. */

static void
train_clicked_cb (DinoscopeScribbleGroup *self)
{
  if (dinoscope_scribble_trainer_is_busy (self->trainer))
    dinoscope_scribble_trainer_cancel (self->trainer);
  else
    dinoscope_scribble_trainer_train (self->trainer);
}

static void
add_clicked_cb (DinoscopeScribbleGroup *self)
{
  if (!dinoscope_scribble_kit_add (self->kit))
    tell (self, _ ("There cannot be more classes."));
}

static void
clear_clicked_cb (DinoscopeScribbleGroup *self)
{
  dinoscope_scribbles_clear (get_scribbles (self));
}

static void
tell_written (DinoscopeScribbleGroup *self, GFile *file)
{
  g_autofree char *name = dinoscope_display_base (file);
  g_autofree char *text = g_strdup_printf (_ ("“%s” is written."), name);

  tell (self, text);
}

void
dinoscope_scribble_group_load (DinoscopeScribbleGroup *self, GFile *file)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (DINOSCOPE_IS_SCRIBBLE_GROUP (self));

  if (!dinoscope_scribble_trainer_load (self->trainer, file, &error))
    tell (self, error->message);
}

void
dinoscope_scribble_group_save (DinoscopeScribbleGroup *self, GFile *file)
{
  DinoscopeDecoder  *decoder;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (DINOSCOPE_IS_SCRIBBLE_GROUP (self));

  decoder = dinoscope_scribble_trainer_get_decoder (self->trainer);
  if (decoder == NULL)
    return;
  if (dinoscope_decoder_save (decoder, g_file_peek_path (file), &error))
    tell_written (self, file);
  else
    tell (self, error->message);
}

typedef struct
{
  DinoscopeScribbleGroup *self;
  GFile                  *file;
} Exporting;

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Exporting         *exporting = user_data;
  g_autoptr (GError) error = NULL;

  if (dinoscope_mask_export_finish (result, &error))
    tell_written (exporting->self, exporting->file);
  else
    tell (exporting->self, error->message);
  g_object_unref (exporting->self);
  g_object_unref (exporting->file);
  g_free (exporting);
}

void
dinoscope_scribble_group_export (DinoscopeScribbleGroup *self, GFile *file)
{
  const struct dino_picture *picture;
  struct dino_classes        classes;
  Exporting                 *exporting;

  g_return_if_fail (DINOSCOPE_IS_SCRIBBLE_GROUP (self));

  if (get_mask (self) == NULL)
    return;
  picture = dinoscope_study_get_picture (dinoscope_page_get_study (self->page));
  classes = *dinoscope_scribbles_get_mask_classes (get_scribbles (self));
  /* In the colours in which it is shown. */
  for (guint i = 1; i < (guint) classes.n && i < dinoscope_scribble_kit_get_n (self->kit); i++)
    for (int c = 0; c < 3; c++)
      classes.list[i].rgb[c] = dinoscope_scribble_kit_get (self->kit, i)->rgb[c];
  exporting = g_new0 (Exporting, 1);
  exporting->self = g_object_ref (self);
  exporting->file = g_object_ref (file);
  dinoscope_mask_export_async (get_mask (self), picture->width, picture->height, &classes, file, exported_cb, exporting);
}

static void
chosen_cb (DinoscopeScribbleGroup *self, int response)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));

      if (self->choice == CHOOSE_LOAD)
        dinoscope_scribble_group_load (self, file);
      else if (self->choice == CHOOSE_SAVE)
        dinoscope_scribble_group_save (self, file);
      else
        dinoscope_scribble_group_export (self, file);
    }
  g_clear_object (&self->chooser);
}

static void
choose (DinoscopeScribbleGroup *self, Choice choice)
{
  static const struct
  {
    const char *title, *name, *filter, *pattern;
  } words[] = {
    [CHOOSE_LOAD] = { N_ ("Load a Decoder"), NULL, N_ ("Decoders (safetensors)"), "*.safetensors" },
    [CHOOSE_SAVE] = { N_ ("Save the Decoder"), "decoder.safetensors", N_ ("Decoders (safetensors)"), "*.safetensors" },
    [CHOOSE_MASK] = { N_ ("Export the Mask"), "mask.png", N_ ("Masks (PNG)"), "*.png" },
    [CHOOSE_OUTLINES] = { N_ ("Export Outlines"), "outlines.geojson", N_ ("Outlines (GeoJSON, SVG)"), "*.geojson" },
  };
  gboolean       loads = choice == CHOOSE_LOAD;
  GtkFileFilter *filter = gtk_file_filter_new ();

  g_clear_object (&self->chooser);
  self->choice = choice;
  self->chooser = gtk_file_chooser_native_new (_ (words[choice].title), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                               loads ? GTK_FILE_CHOOSER_ACTION_OPEN : GTK_FILE_CHOOSER_ACTION_SAVE, loads ? _ ("_Open") : _ ("_Save"), _ ("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_file_filter_set_name (filter, _ (words[choice].filter));
  gtk_file_filter_add_pattern (filter, words[choice].pattern);
  if (choice == CHOOSE_OUTLINES)
    gtk_file_filter_add_pattern (filter, "*.svg");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_object_unref (filter);
  if (words[choice].name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), words[choice].name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
load_clicked_cb (DinoscopeScribbleGroup *self)
{
  choose (self, CHOOSE_LOAD);
}

static void
save_clicked_cb (DinoscopeScribbleGroup *self)
{
  choose (self, CHOOSE_SAVE);
}

static void
mask_clicked_cb (DinoscopeScribbleGroup *self)
{
  choose (self, CHOOSE_MASK);
}

static void
outlines_clicked_cb (DinoscopeScribbleGroup *self)
{
  choose (self, CHOOSE_OUTLINES);
}

static void
dinoscope_scribble_group_dispose (GObject *object)
{
  DinoscopeScribbleGroup *self = DINOSCOPE_SCRIBBLE_GROUP (object);

  if (self->trainer != NULL)
    dinoscope_scribble_trainer_cancel (self->trainer);
  g_clear_object (&self->chooser);
  g_clear_object (&self->page_signals);
  g_clear_object (&self->scribbles_signals);
  g_clear_object (&self->canvas_bindings);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_object (&self->trainer);
  g_clear_object (&self->kit);
  g_clear_object (&self->page);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_SCRIBBLE_GROUP);

  G_OBJECT_CLASS (dinoscope_scribble_group_parent_class)->dispose (object);
}

static void
dinoscope_scribble_group_class_init (DinoscopeScribbleGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_scribble_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-scribble-group.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, save_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, clear_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, paint_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, rub_out_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, brush_spin);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, classes_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, decoder_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, spinner);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, train_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, mask_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, mask_switch);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, opacity_scale);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, edges_switch);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, mask_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeScribbleGroup, outlines_button);
  gtk_widget_class_bind_template_callback (widget_class, load_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, add_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, train_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, mask_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, outlines_clicked_cb);
}

static void
bind_kit (DinoscopeScribbleGroup *self, const char *property, gpointer target, const char *of_target)
{
  g_object_bind_property (self->kit, property, target, of_target, G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
}

static void
dinoscope_scribble_group_init (DinoscopeScribbleGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->kit = dinoscope_scribble_kit_new ();
  self->trainer = dinoscope_scribble_trainer_new (self->kit);
  self->rows = g_ptr_array_new ();
  g_signal_connect_object (self->kit, "changed", G_CALLBACK (show_classes), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->trainer, "changed", G_CALLBACK (mask_wanted), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->trainer, "message", G_CALLBACK (message_cb), self, G_CONNECT_SWAPPED);
  bind_kit (self, "brush", gtk_spin_button_get_adjustment (self->brush_spin), "value");
  bind_kit (self, "opacity", gtk_range_get_adjustment (GTK_RANGE (self->opacity_scale)), "value");
  bind_kit (self, "mask-visible", self->mask_switch, "active");
  bind_kit (self, "edges", self->edges_switch, "active");
  self->page_signals = g_signal_group_new (DINOSCOPE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "notify::study", G_CALLBACK (mask_wanted), self);
  g_signal_group_connect_swapped (self->page_signals, "features-changed", G_CALLBACK (mask_wanted), self);
  self->scribbles_signals = g_signal_group_new (DINOSCOPE_TYPE_SCRIBBLES);
  g_signal_group_connect_swapped (self->scribbles_signals, "changed", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->scribbles_signals, "mask-changed", G_CALLBACK (update), self);
  self->canvas_bindings = g_binding_group_new ();
  g_binding_group_bind (self->canvas_bindings, "painting", self->paint_button, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_binding_group_bind (self->canvas_bindings, "rubbing-out", self->rub_out_button, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  show_classes (self);
  update (self);
}

void
dinoscope_scribble_group_set_page (DinoscopeScribbleGroup *self, DinoscopePage *page)
{
  g_return_if_fail (DINOSCOPE_IS_SCRIBBLE_GROUP (self));
  g_return_if_fail (page == NULL || DINOSCOPE_IS_PAGE (page));

  if (!g_set_object (&self->page, page))
    return;
  if (page != NULL)
    {
      dinoscope_canvas_set_scribble_kit (dinoscope_page_get_canvas (page), self->kit);
      dinoscope_scribble_trainer_add_page (self->trainer, page);
    }
  g_signal_group_set_target (self->page_signals, page);
  g_signal_group_set_target (self->scribbles_signals, get_scribbles (self));
  g_binding_group_set_source (self->canvas_bindings, page != NULL ? dinoscope_page_get_canvas (page) : NULL);
  mask_wanted (self);
}

DinoscopeScribbleKit *
dinoscope_scribble_group_get_kit (DinoscopeScribbleGroup *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_GROUP (self), NULL);

  return self->kit;
}

DinoscopeScribbleTrainer *
dinoscope_scribble_group_get_trainer (DinoscopeScribbleGroup *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_SCRIBBLE_GROUP (self), NULL);

  return self->trainer;
}
