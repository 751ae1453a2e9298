#include "app/dinoscope-tour-card.h"

#include <glib/gi18n-lib.h>

struct _DinoscopeTourCard
{
  GtkWidget parent_instance;

  GtkWidget *key_target;

  GtkWidget         *box;
  GtkLabel          *count_label;
  GtkLabel          *title_label;
  GtkScrolledWindow *scrolled_window;
  GtkLabel          *text_label;
  GtkLabel          *hint_label;
  GtkButton         *next_button;
};

G_DEFINE_FINAL_TYPE (DinoscopeTourCard, dinoscope_tour_card, GTK_TYPE_WIDGET)

static gboolean
is_own_key (guint key, GdkModifierType modifiers)
{
  static const guint own[] = { GDK_KEY_Escape, GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, GDK_KEY_Tab, GDK_KEY_ISO_Left_Tab, GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_space };

  for (gsize i = 0; i < G_N_ELEMENTS (own); i++)
    if (key == own[i])
      return TRUE;
  return (modifiers & GDK_ALT_MASK) != 0;
}

static gboolean
key_pressed_cb (DinoscopeTourCard *self, guint key, guint code, GdkModifierType modifiers, GtkEventControllerKey *controller)
{
  if (self->key_target == NULL || is_own_key (key, modifiers))
    return GDK_EVENT_PROPAGATE;
  return gtk_event_controller_key_forward (controller, self->key_target);
}

static gboolean
dinoscope_tour_card_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (DINOSCOPE_TOUR_CARD (widget)->next_button));
}

static void
dinoscope_tour_card_dispose (GObject *object)
{
  g_clear_weak_pointer (&DINOSCOPE_TOUR_CARD (object)->key_target);
  gtk_widget_dispose_template (GTK_WIDGET (object), DINOSCOPE_TYPE_TOUR_CARD);

  G_OBJECT_CLASS (dinoscope_tour_card_parent_class)->dispose (object);
}

static void
dinoscope_tour_card_class_init (DinoscopeTourCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_tour_card_dispose;
  widget_class->grab_focus = dinoscope_tour_card_grab_focus;

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-tour-card.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeTourCard, box);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeTourCard, count_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeTourCard, title_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeTourCard, scrolled_window);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeTourCard, text_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeTourCard, hint_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeTourCard, next_button);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Down, 0, "win.tour-next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Page_Down, 0, "win.tour-next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Page_Up, 0, "win.tour-back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Page_Up, 0, "win.tour-back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.tour-end", NULL);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
dinoscope_tour_card_init (DinoscopeTourCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->next_button), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  self->title_label, self->text_label, self->hint_label, NULL, -1);
}

void
dinoscope_tour_card_show_step (DinoscopeTourCard *self, const DinoscopeTourStep *step, guint index, guint n_steps)
{
  g_autofree char *count = NULL;

  g_return_if_fail (DINOSCOPE_IS_TOUR_CARD (self));
  g_return_if_fail (step != NULL);

  count = g_strdup_printf (_ ("Step %u of %u"), index + 1, n_steps);
  gtk_label_set_text (self->count_label, count);
  gtk_label_set_text (self->title_label, _ (step->title));
  gtk_label_set_text (self->text_label, _ (step->text));
  gtk_label_set_text (self->hint_label, _ (step->hint));
  gtk_button_set_label (self->next_button, index + 1 < n_steps ? _ ("_Next") : _ ("_Finish"));
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled_window), 0);
}

void
dinoscope_tour_card_set_key_target (DinoscopeTourCard *self, GtkWidget *target)
{
  g_return_if_fail (DINOSCOPE_IS_TOUR_CARD (self));

  g_set_weak_pointer (&self->key_target, target);
}
