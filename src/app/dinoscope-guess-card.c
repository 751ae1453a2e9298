#include "app/dinoscope-guess-card.h"

#include <glib/gi18n-lib.h>

struct _DinoscopeGuessCard
{
  GtkWidget parent_instance;

  gboolean marking_boxes;

  GtkWidget *box;
  GtkLabel  *title_label;
  GtkLabel  *text_label;
  GtkWidget *box_button;
  GtkWidget *reveal_button;
  GtkWidget *close_button;
};

enum
{
  PROP_MARKING_BOXES = 1,
  N_PROPS
};

enum
{
  SIGNAL_REVEAL,
  SIGNAL_CLOSED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (DinoscopeGuessCard, dinoscope_guess_card, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

static void
reveal_clicked_cb (DinoscopeGuessCard *self)
{
  g_signal_emit (self, signals[SIGNAL_REVEAL], 0);
}

static void
close_clicked_cb (DinoscopeGuessCard *self)
{
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

static void
dinoscope_guess_card_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_MARKING_BOXES:
      g_value_set_boolean (value, DINOSCOPE_GUESS_CARD (object)->marking_boxes);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_guess_card_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DinoscopeGuessCard *self = DINOSCOPE_GUESS_CARD (object);

  switch (id)
    {
    case PROP_MARKING_BOXES:
      if (self->marking_boxes != g_value_get_boolean (value))
        {
          self->marking_boxes = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_guess_card_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), DINOSCOPE_TYPE_GUESS_CARD);

  G_OBJECT_CLASS (dinoscope_guess_card_parent_class)->dispose (object);
}

static void
dinoscope_guess_card_class_init (DinoscopeGuessCardClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = dinoscope_guess_card_get_property;
  object_class->set_property = dinoscope_guess_card_set_property;
  object_class->dispose = dinoscope_guess_card_dispose;

  properties[PROP_MARKING_BOXES] = g_param_spec_boolean ("marking-boxes", NULL, NULL, FALSE,
                                                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_REVEAL] = g_signal_new ("reveal", DINOSCOPE_TYPE_GUESS_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", DINOSCOPE_TYPE_GUESS_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-guess-card.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGuessCard, box);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGuessCard, title_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGuessCard, text_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGuessCard, box_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGuessCard, reveal_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGuessCard, close_button);
  gtk_widget_class_bind_template_callback (widget_class, reveal_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dinoscope_guess_card_init (DinoscopeGuessCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
dinoscope_guess_card_ask (DinoscopeGuessCard *self, gboolean ready)
{
  g_return_if_fail (DINOSCOPE_IS_GUESS_CARD (self));

  gtk_label_set_text (self->title_label, _ ("The map is hidden"));
  gtk_label_set_text (self->text_label, _ ("Mark where you would look: click a patch or draw a box; then Reveal (Return)."));
  gtk_widget_set_visible (self->box_button, TRUE);
  gtk_widget_set_visible (self->reveal_button, TRUE);
  gtk_widget_set_sensitive (self->reveal_button, ready);
  gtk_widget_set_visible (self->close_button, FALSE);
}

void
dinoscope_guess_card_tell (DinoscopeGuessCard *self, const char *text)
{
  g_return_if_fail (DINOSCOPE_IS_GUESS_CARD (self));

  gtk_label_set_text (self->title_label, _ ("Your guess and the map"));
  gtk_label_set_text (self->text_label, text);
  gtk_widget_set_visible (self->box_button, FALSE);
  gtk_widget_set_visible (self->reveal_button, FALSE);
  gtk_widget_set_visible (self->close_button, TRUE);
}

const char *
dinoscope_guess_card_get_text (DinoscopeGuessCard *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_GUESS_CARD (self), NULL);

  return gtk_label_get_text (self->text_label);
}
