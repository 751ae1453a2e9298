#include "app/dinoscope-strip.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "app/dinoscope-facts.h"
#include "app/dinoscope-strip-cell.h"

/* More small maps than that are no overview. */
#define MAX_CELLS 128

struct _DinoscopeStrip
{
  GtkWidget parent_instance;

  DinoscopeOverlaySettings *settings;
  DinoscopePage            *page;
  GSignalGroup             *page_signals;
  gboolean                  of_blocks;
  gboolean                  shared_scale;

  DinoscopeParameter *parameter; /* that the cells differ in; NULL when there is none */
  GPtrArray          *cells;     /* children of list */
  GCancellable       *cancellable;
  GPtrArray          *asked;       /* cells of the request under way, in its order */
  guint               draw_source; /* colours are due */

  GtkWidget      *heads_button;
  GtkWidget      *blocks_button;
  GtkWidget      *controls;
  GtkCheckButton *scale_button;
  GtkLabel       *scale_label;
  GtkStack       *stack;
  GtkWidget      *list;
  GtkLabel       *words_label;
};

enum
{
  PROP_OF_BLOCKS = 1,
  PROP_SHARED_SCALE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (DinoscopeStrip, dinoscope_strip, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

/* Colours. */

typedef struct
{
  gboolean known;
  gboolean three; /* channels, each with its own colours */
  double   low, high;
} Scale;

/* What all maps that are there cover together. */
static Scale
find_scale (DinoscopeStrip *self)
{
  Scale scale = { .low = INFINITY, .high = -INFINITY };

  for (guint i = 0; i < self->cells->len; i++)
    {
      DinoscopeMap          *map = dinoscope_strip_cell_get_map (g_ptr_array_index (self->cells, i));
      const struct dino_map *core = map != NULL ? dinoscope_map_get_core (map) : NULL;

      if (core == NULL)
        continue;
      scale.known = TRUE;
      scale.three |= core->channels == 3;
      scale.low = MIN (scale.low, core->low);
      scale.high = MAX (scale.high, core->high);
    }
  return scale;
}

static char *
describe_range (double low, double high, const char *unit)
{
  g_autofree char *from = dinoscope_format_value (low);
  g_autofree char *to = dinoscope_format_value (high);

  if (unit == NULL || *unit == '\0')
    return g_strdup_printf (_ ("%s to %s"), from, to);
  return g_strdup_printf (_ ("%s to %s\n%s"), from, to, unit);
}

static void
draw_cell (DinoscopeStrip *self, DinoscopeStripCell *cell, const Scale *scale)
{
  DinoscopeMap         *map = dinoscope_strip_cell_get_map (cell);
  struct dino_map_style style;
  g_autofree char      *range = NULL;

  if (map == NULL)
    return;
  style = dinoscope_overlay_settings_style_of (self->settings, map);
  style.opacity = 1;
  style.contours = 0;
  if (style.smooth == DINO_SMOOTH_GUIDED)
    style.smooth = DINO_SMOOTH_BILINEAR;
  if (self->shared_scale && !scale->three && !style.has_range)
    {
      style.has_range = TRUE;
      style.low = scale->low;
      style.high = scale->high;
    }
  if (!self->shared_scale && !scale->three)
    {
      double low, high;

      dino_map_style_range (&style, dinoscope_map_get_core (map), &low, &high);
      range = describe_range (low, high, NULL);
    }
  dinoscope_strip_cell_draw (cell, &style, range);
}

static void
show_scale (DinoscopeStrip *self, const Scale *scale)
{
  const struct dino_map_style *style = dinoscope_overlay_settings_get_style (self->settings);
  g_autofree char             *text = NULL;
  const char                  *unit = NULL;

  for (guint i = 0; unit == NULL && i < self->cells->len; i++)
    {
      DinoscopeMap *map = dinoscope_strip_cell_get_map (g_ptr_array_index (self->cells, i));

      if (map != NULL)
        unit = dinoscope_map_get_unit (map);
    }
  if (scale->known && scale->three)
    text = g_strdup (_ ("Each component its own"));
  else if (scale->known && self->shared_scale)
    text = style->has_range ? describe_range (style->low, style->high, unit) : describe_range (scale->low, scale->high, unit);
  gtk_label_set_text (self->scale_label, text != NULL ? text : "");
  gtk_widget_set_sensitive (GTK_WIDGET (self->scale_button), !scale->three);
}

static gboolean
draw_cb (gpointer data)
{
  DinoscopeStrip *self = data;
  Scale           scale = find_scale (self);

  self->draw_source = 0;
  for (guint i = 0; i < self->cells->len; i++)
    draw_cell (self, g_ptr_array_index (self->cells, i), &scale);
  show_scale (self, &scale);
  return G_SOURCE_REMOVE;
}

/* Once for all changes of a turn of the main loop, before the frame is drawn. */
static void
queue_colors (DinoscopeStrip *self)
{
  if (self->draw_source == 0 && self->settings != NULL)
    self->draw_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, draw_cb, self, NULL);
}

/* Maps. */

static void
stop (DinoscopeStrip *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_ptr_array_set_size (self->asked, 0);
}

typedef struct
{
  DinoscopeStrip           *strip;
  GCancellable             *cancellable;
  DinoscopeMapCache        *cache;
  DinoscopeOverlayProvider *provider;
  DinoscopeContext         *context;
  GPtrArray                *values;
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->strip);
  g_object_unref (request->cancellable);
  g_object_unref (request->cache);
  g_object_unref (request->provider);
  g_object_unref (request->context);
  g_ptr_array_unref (request->values);
  g_free (request);
}

static void
delivery_cb (guint index, DinoscopeMap *map, const GError *error, gpointer data)
{
  const Request  *request = data;
  DinoscopeStrip *self = request->strip;

  if (map != NULL)
    dinoscope_map_cache_insert (request->cache, request->provider, request->context, g_ptr_array_index (request->values, index), map);
  if (self->cancellable != request->cancellable)
    return;
  if (map != NULL)
    dinoscope_strip_cell_set_map (g_ptr_array_index (self->asked, index), map);
  else
    dinoscope_strip_cell_set_problem (g_ptr_array_index (self->asked, index), error->message);
  queue_colors (self);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Request        *request = data;
  DinoscopeStrip *self = request->strip;

  dinoscope_engine_compute_maps_finish (DINOSCOPE_ENGINE (source), result, NULL);
  if (self->cancellable == request->cancellable)
    stop (self);
  request_free (request);
}

/* The page's values with the cell's in their place; NULL when they are refused. (transfer full) */
static GVariant *
values_of (DinoscopeStripCell *cell, DinoscopeParameter *parameter, GListModel *parameters, GVariant *values)
{
  g_autoptr (GVariantDict) dict = g_variant_dict_new (values);
  g_autoptr (GVariant)     wanted = NULL;

  g_variant_dict_insert_value (dict, dinoscope_parameter_get_name (parameter), dinoscope_strip_cell_get_value (cell));
  wanted = g_variant_ref_sink (g_variant_dict_end (dict));
  return dinoscope_parameters_complete (parameters, wanted, NULL);
}

static void
ask (DinoscopeStrip *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GPtrArray *values)
{
  DinoscopeSession *session = dinoscope_page_get_session (self->page);
  Request          *request = g_new (Request, 1);

  self->cancellable = g_cancellable_new ();
  request->strip = g_object_ref (self);
  request->cancellable = g_object_ref (self->cancellable);
  request->cache = g_object_ref (dinoscope_session_get_map_cache (session));
  request->provider = g_object_ref (provider);
  request->context = g_object_ref (context);
  request->values = g_ptr_array_ref (values);
  dinoscope_engine_compute_maps_async (dinoscope_session_get_engine (session), provider, context, values, self->cancellable, delivery_cb, request, done_cb, request);
}

/* Takes the maps that are known and asks for those that can be made. */
static void
fill (DinoscopeStrip *self)
{
  DinoscopeOverlayProvider    *provider = dinoscope_overlay_settings_get_provider (self->settings);
  DinoscopeMapCache           *cache = dinoscope_session_get_map_cache (dinoscope_page_get_session (self->page));
  g_autoptr (DinoscopeContext) context = dinoscope_page_dup_context (self->page);
  g_autoptr (GVariant)         base = dinoscope_page_dup_values (self->page);
  g_autoptr (GListModel)       parameters = NULL;
  g_autoptr (GPtrArray)        wanted = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  if (context != NULL && base != NULL)
    parameters = dinoscope_overlay_provider_list_parameters (provider, dinoscope_features_get_model (dinoscope_context_get_primary (context)));
  for (guint i = 0; i < self->cells->len; i++)
    {
      DinoscopeStripCell      *cell = g_ptr_array_index (self->cells, i);
      g_autoptr (GVariant)     values = parameters != NULL ? values_of (cell, self->parameter, parameters, base) : NULL;
      g_autoptr (DinoscopeMap) map = NULL;

      if (values != NULL)
        map = dinoscope_map_cache_lookup (cache, provider, context, values);
      dinoscope_strip_cell_set_map (cell, map);
      dinoscope_strip_cell_set_problem (cell, NULL);
      if (map != NULL || values == NULL || !dinoscope_overlay_provider_is_ready (provider, dinoscope_context_get_primary (context), values))
        continue;
      g_ptr_array_add (wanted, g_steal_pointer (&values));
      g_ptr_array_add (self->asked, cell);
    }
  if (wanted->len > 0)
    ask (self, provider, context, wanted);
}

/* Cells. */

static void
show_chosen (DinoscopeStrip *self)
{
  g_autoptr (GVariant) value = NULL;

  if (self->parameter == NULL)
    return;
  value = dinoscope_overlay_settings_dup_value (self->settings, dinoscope_parameter_get_name (self->parameter));
  for (guint i = 0; i < self->cells->len; i++)
    {
      DinoscopeStripCell *cell = g_ptr_array_index (self->cells, i);

      dinoscope_strip_cell_set_chosen (cell, value != NULL && g_variant_equal (value, dinoscope_strip_cell_get_value (cell)));
    }
}

static void
activated_cb (DinoscopeStrip *self, DinoscopeStripCell *cell)
{
  dinoscope_overlay_settings_set_value (self->settings, dinoscope_parameter_get_name (self->parameter), dinoscope_strip_cell_get_value (cell));
}

static void
add_cell (DinoscopeStrip *self, const char *title, GVariant *value)
{
  GtkWidget *cell = dinoscope_strip_cell_new (title, value);

  g_signal_connect_object (cell, "activated", G_CALLBACK (activated_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->list), cell);
  g_ptr_array_add (self->cells, cell);
}

static void
add_numbered_cells (DinoscopeStrip *self)
{
  double low, high;

  dinoscope_parameter_get_range (self->parameter, &low, &high);
  for (int i = (int) low; i <= (int) high && i < (int) low + MAX_CELLS; i++)
    {
      g_autofree char *title = g_strdup_printf ("%s %d", dinoscope_parameter_get_title (self->parameter), i);

      add_cell (self, title, g_variant_new_int32 (i));
    }
}

static void
add_chosen_cells (DinoscopeStrip *self)
{
  const char *const *choices = dinoscope_parameter_get_choices (self->parameter);
  const char *const *titles = dinoscope_parameter_get_choice_titles (self->parameter);

  for (guint i = 0; i < MAX_CELLS && choices[i] != NULL; i++)
    add_cell (self, titles[i], g_variant_new_string (choices[i]));
}

static gboolean
is_enumerable (DinoscopeParameter *parameter)
{
  DinoscopeParameterType type = parameter != NULL ? dinoscope_parameter_get_parameter_type (parameter) : DINOSCOPE_PARAMETER_BOOL;

  return type == DINOSCOPE_PARAMETER_INT || type == DINOSCOPE_PARAMETER_ENUM;
}

static void
rebuild (DinoscopeStrip *self)
{
  stop (self);
  for (guint i = 0; i < self->cells->len; i++)
    gtk_box_remove (GTK_BOX (self->list), g_ptr_array_index (self->cells, i));
  g_ptr_array_set_size (self->cells, 0);
  if (self->parameter == NULL)
    return;
  if (dinoscope_parameter_get_parameter_type (self->parameter) == DINOSCOPE_PARAMETER_INT)
    add_numbered_cells (self);
  else
    add_chosen_cells (self);
}

static DinoscopeParameter *
find_parameter (DinoscopeStrip *self, const char *name)
{
  DinoscopeParameter *parameter = dinoscope_overlay_settings_find_parameter (self->settings, name);

  return is_enumerable (parameter) ? parameter : NULL;
}

/* The sentence in the place of maps; NULL when there is nothing in their way. (transfer full) */
static char *
describe_lack (DinoscopeStrip *self)
{
  DinoscopeOverlayProvider *provider = dinoscope_overlay_settings_get_provider (self->settings);

  if (self->page == NULL || dinoscope_page_get_study (self->page) == NULL)
    return g_strdup (_ ("Small maps are here when there is a picture."));
  if (provider == NULL || dinoscope_overlay_settings_get_values (self->settings) == NULL)
    return g_strdup (_ ("Small maps are here when the encoder is loaded."));
  if (dinoscope_page_is_concealed (self->page))
    return g_strdup (_ ("Small maps are here when you have marked your guess."));
  if (self->parameter == NULL)
    return g_strdup_printf (_ ("The overlay “%s” has neither heads nor blocks to choose from."), dinoscope_overlay_provider_get_title (provider));
  return NULL;
}

static void
update (DinoscopeStrip *self)
{
  DinoscopeParameter *heads, *blocks, *wanted;
  g_autofree char    *lack = NULL;

  if (self->settings == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  heads = find_parameter (self, "head");
  blocks = find_parameter (self, "block");
  wanted = self->of_blocks ? blocks : heads;
  if (wanted == NULL)
    wanted = self->of_blocks ? heads : blocks;
  if (g_set_object (&self->parameter, wanted))
    rebuild (self);
  else
    stop (self);
  gtk_widget_set_sensitive (self->heads_button, heads != NULL);
  gtk_widget_set_sensitive (self->blocks_button, blocks != NULL);
  lack = describe_lack (self);
  gtk_label_set_text (self->words_label, lack != NULL ? lack : "");
  gtk_stack_set_visible_child_name (self->stack, lack != NULL ? "words" : "maps");
  gtk_widget_set_visible (self->controls, wanted != NULL);
  if (lack != NULL)
    return;
  fill (self);
  show_chosen (self);
  queue_colors (self);
}

/* The widget. */

static void
kind_toggled_cb (DinoscopeStrip *self)
{
  g_object_set (self, "of-blocks", !gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->heads_button)), NULL);
}

static void
scale_toggled_cb (DinoscopeStrip *self)
{
  g_object_set (self, "shared-scale", gtk_check_button_get_active (self->scale_button), NULL);
}

static void
dinoscope_strip_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (dinoscope_strip_parent_class)->map (widget);
  update (DINOSCOPE_STRIP (widget));
}

static void
dinoscope_strip_unmap (GtkWidget *widget)
{
  stop (DINOSCOPE_STRIP (widget));
  GTK_WIDGET_CLASS (dinoscope_strip_parent_class)->unmap (widget);
}

static gboolean
focus_chosen (DinoscopeStrip *self)
{
  for (guint i = 0; i < self->cells->len; i++)
    if (dinoscope_strip_cell_is_chosen (g_ptr_array_index (self->cells, i)))
      return gtk_widget_grab_focus (g_ptr_array_index (self->cells, i));
  return self->cells->len > 0 && gtk_widget_grab_focus (g_ptr_array_index (self->cells, 0));
}

/* Tab stops at the list once, at the chosen map; arrows go from map to map. */
static gboolean
dinoscope_strip_focus (GtkWidget *widget, GtkDirectionType direction)
{
  DinoscopeStrip *self = DINOSCOPE_STRIP (widget);
  gboolean        inside = gtk_widget_get_focus_child (self->list) != NULL;
  gboolean        shown = gtk_widget_get_mapped (self->list);

  if (inside && direction == GTK_DIR_TAB_FORWARD)
    return FALSE;
  if (inside && direction == GTK_DIR_TAB_BACKWARD)
    return gtk_widget_child_focus (self->controls, direction);
  if (shown && direction == GTK_DIR_TAB_BACKWARD && gtk_widget_get_focus_child (widget) == NULL)
    return focus_chosen (self);
  if (GTK_WIDGET_CLASS (dinoscope_strip_parent_class)->focus (widget, direction))
    {
      if (shown && !inside && gtk_widget_get_focus_child (self->list) != NULL && direction == GTK_DIR_TAB_FORWARD)
        focus_chosen (self);
      return TRUE;
    }
  return FALSE;
}

static gboolean
dinoscope_strip_grab_focus (GtkWidget *widget)
{
  return focus_chosen (DINOSCOPE_STRIP (widget));
}

static void
dinoscope_strip_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DinoscopeStrip *self = DINOSCOPE_STRIP (object);

  switch (id)
    {
    case PROP_OF_BLOCKS:
      g_value_set_boolean (value, self->of_blocks);
      break;
    case PROP_SHARED_SCALE:
      g_value_set_boolean (value, self->shared_scale);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_strip_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DinoscopeStrip *self = DINOSCOPE_STRIP (object);
  gboolean        wanted = g_value_get_boolean (value);

  switch (id)
    {
    case PROP_OF_BLOCKS:
      if (self->of_blocks == wanted)
        return;
      self->of_blocks = wanted;
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (wanted ? self->blocks_button : self->heads_button), TRUE);
      update (self);
      break;
    case PROP_SHARED_SCALE:
      if (self->shared_scale == wanted)
        return;
      self->shared_scale = wanted;
      gtk_check_button_set_active (self->scale_button, wanted);
      queue_colors (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  g_object_notify_by_pspec (object, pspec);
}

static void
dinoscope_strip_dispose (GObject *object)
{
  DinoscopeStrip *self = DINOSCOPE_STRIP (object);

  stop (self);
  g_clear_handle_id (&self->draw_source, g_source_remove);
  g_ptr_array_set_size (self->cells, 0);
  g_clear_object (&self->page_signals);
  g_clear_object (&self->page);
  g_clear_object (&self->settings);
  g_clear_object (&self->parameter);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_STRIP);

  G_OBJECT_CLASS (dinoscope_strip_parent_class)->dispose (object);
}

static void
dinoscope_strip_finalize (GObject *object)
{
  DinoscopeStrip *self = DINOSCOPE_STRIP (object);

  g_ptr_array_unref (self->cells);
  g_ptr_array_unref (self->asked);

  G_OBJECT_CLASS (dinoscope_strip_parent_class)->finalize (object);
}

static void
dinoscope_strip_class_init (DinoscopeStripClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass   *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = dinoscope_strip_get_property;
  object_class->set_property = dinoscope_strip_set_property;
  object_class->dispose = dinoscope_strip_dispose;
  object_class->finalize = dinoscope_strip_finalize;
  widget_class->map = dinoscope_strip_map;
  widget_class->unmap = dinoscope_strip_unmap;
  widget_class->focus = dinoscope_strip_focus;
  widget_class->grab_focus = dinoscope_strip_grab_focus;

  properties[PROP_OF_BLOCKS] = g_param_spec_boolean ("of-blocks", NULL, NULL, FALSE, flags);
  properties[PROP_SHARED_SCALE] = g_param_spec_boolean ("shared-scale", NULL, NULL, TRUE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "dinoscope-strip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStrip, controls);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStrip, heads_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStrip, blocks_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStrip, scale_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStrip, scale_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStrip, stack);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStrip, list);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeStrip, words_label);
  gtk_widget_class_bind_template_callback (widget_class, kind_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, scale_toggled_cb);
}

static void
dinoscope_strip_init (DinoscopeStrip *self)
{
  self->shared_scale = TRUE;
  self->cells = g_ptr_array_new ();
  self->asked = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->page_signals = g_signal_group_new (DINOSCOPE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "features-changed", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::study", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::encoding", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::concealed", G_CALLBACK (update), self);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (queue_colors), NULL);
}

void
dinoscope_strip_set_settings (DinoscopeStrip *self, DinoscopeOverlaySettings *settings)
{
  g_return_if_fail (DINOSCOPE_IS_STRIP (self));
  g_return_if_fail (DINOSCOPE_IS_OVERLAY_SETTINGS (settings));
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "list-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "map-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "style-changed", G_CALLBACK (queue_colors), self, G_CONNECT_SWAPPED);
  update (self);
}

void
dinoscope_strip_set_page (DinoscopeStrip *self, DinoscopePage *page)
{
  g_return_if_fail (DINOSCOPE_IS_STRIP (self));

  if (!g_set_object (&self->page, page))
    return;
  g_signal_group_set_target (self->page_signals, page);
  update (self);
}

guint
dinoscope_strip_get_n_cells (DinoscopeStrip *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_STRIP (self), 0);

  return self->cells->len;
}

GtkWidget *
dinoscope_strip_get_cell (DinoscopeStrip *self, guint index)
{
  g_return_val_if_fail (DINOSCOPE_IS_STRIP (self), NULL);
  g_return_val_if_fail (index < self->cells->len, NULL);

  return g_ptr_array_index (self->cells, index);
}

gboolean
dinoscope_strip_is_filled (DinoscopeStrip *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_STRIP (self), FALSE);

  return self->cells->len > 0 && self->cancellable == NULL && self->draw_source == 0;
}

const char *
dinoscope_strip_get_scale_text (DinoscopeStrip *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_STRIP (self), NULL);

  return gtk_label_get_text (self->scale_label);
}

const char *
dinoscope_strip_get_words (DinoscopeStrip *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_STRIP (self), NULL);

  return gtk_label_get_text (self->words_label);
}
