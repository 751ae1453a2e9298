#include "app/dinoscope-map-cache.h"

/* Features of one run that are, or were, alive. */
typedef struct
{
  gconstpointer run;
  GPtrArray    *features; /* of GWeakRef */
} Source;

typedef struct
{
  char         *key;
  GPtrArray    *runs; /* that the map was made of */
  DinoscopeMap *map;
} Entry;

struct _DinoscopeMapCache
{
  GObject parent_instance;

  guint      budget;
  GPtrArray *sources;
  GQueue     entries; /* of Entry, most recently used first */
};

G_DEFINE_FINAL_TYPE (DinoscopeMapCache, dinoscope_map_cache, G_TYPE_OBJECT)

/* Weak references rather than notifications: the last reference on features may
 * be dropped by one of the engine's threads. */
static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
source_free (gpointer data)
{
  Source *source = data;

  g_ptr_array_unref (source->features);
  g_free (source);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->key);
  g_ptr_array_unref (entry->runs);
  g_object_unref (entry->map);
  g_free (entry);
}

static void
drop_maps_of (DinoscopeMapCache *self, gconstpointer run)
{
  for (GList *link = self->entries.head, *next; link != NULL; link = next)
    {
      Entry *entry = link->data;

      next = link->next;
      if (!g_ptr_array_find (entry->runs, run, NULL))
        continue;
      g_queue_delete_link (&self->entries, link);
      entry_free (entry);
    }
}

/* Forgets features that are gone, first of all: others may lie where they lay. */
static void
purge (DinoscopeMapCache *self)
{
  for (guint i = self->sources->len; i-- > 0;)
    {
      Source *source = g_ptr_array_index (self->sources, i);

      for (guint k = source->features->len; k-- > 0;)
        {
          g_autoptr (GObject) features = g_weak_ref_get (g_ptr_array_index (source->features, k));

          if (features == NULL)
            g_ptr_array_remove_index_fast (source->features, k);
        }
      if (source->features->len > 0)
        continue;
      drop_maps_of (self, source->run);
      g_ptr_array_remove_index_fast (self->sources, i);
    }
}

static Source *
ensure_source (DinoscopeMapCache *self, gconstpointer run)
{
  Source *source;

  for (guint i = 0; i < self->sources->len; i++)
    {
      source = g_ptr_array_index (self->sources, i);
      if (source->run == run)
        return source;
    }
  source = g_new (Source, 1);
  source->run = run;
  source->features = g_ptr_array_new_with_free_func (weak_ref_free);
  g_ptr_array_add (self->sources, source);
  return source;
}

static gconstpointer
run_of (DinoscopeFeatures *features)
{
  return dino_features_run (dinoscope_features_get_core (features));
}

static void
track (DinoscopeMapCache *self, DinoscopeFeatures *features)
{
  Source   *source = ensure_source (self, run_of (features));
  GWeakRef *weak;

  for (guint i = 0; i < source->features->len; i++)
    {
      g_autoptr (GObject) known = g_weak_ref_get (g_ptr_array_index (source->features, i));

      if (known == G_OBJECT (features))
        return;
    }
  weak = g_new (GWeakRef, 1);
  g_weak_ref_init (weak, features);
  g_ptr_array_add (source->features, weak);
}

static void
add_features (DinoscopeMapCache *self, DinoscopeFeatures *features, GString *key, GPtrArray *runs)
{
  gconstpointer run = run_of (features);

  track (self, features);
  g_string_append_printf (key, "%p ", run);
  g_ptr_array_add (runs, (gpointer) run);
}

/* Runs are what drops the map later. */
static char *
make_key (DinoscopeMapCache *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GPtrArray *runs)
{
  GString         *key = g_string_new (NULL);
  g_autofree char *printed = parameters != NULL ? g_variant_print (parameters, TRUE) : NULL;

  purge (self);
  add_features (self, dinoscope_context_get_primary (context), key, runs);
  for (guint i = 0; i < dinoscope_context_get_n_references (context); i++)
    add_features (self, dinoscope_context_get_reference (context, i), key, runs);
  g_string_append (key, dinoscope_overlay_provider_get_id (provider));
  g_string_append_c (key, ' ');
  g_string_append (key, printed != NULL ? printed : "");
  return g_string_free (key, FALSE);
}

static GList *
find_link (DinoscopeMapCache *self, const char *key)
{
  for (GList *link = self->entries.head; link != NULL; link = link->next)
    if (g_str_equal (((Entry *) link->data)->key, key))
      return link;
  return NULL;
}

static void
dinoscope_map_cache_finalize (GObject *object)
{
  DinoscopeMapCache *self = DINOSCOPE_MAP_CACHE (object);

  g_queue_clear_full (&self->entries, entry_free);
  g_ptr_array_unref (self->sources);

  G_OBJECT_CLASS (dinoscope_map_cache_parent_class)->finalize (object);
}

static void
dinoscope_map_cache_class_init (DinoscopeMapCacheClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_map_cache_finalize;
}

static void
dinoscope_map_cache_init (DinoscopeMapCache *self)
{
  g_queue_init (&self->entries);
  self->sources = g_ptr_array_new_with_free_func (source_free);
}

DinoscopeMapCache *
dinoscope_map_cache_new (guint budget)
{
  DinoscopeMapCache *self = g_object_new (DINOSCOPE_TYPE_MAP_CACHE, NULL);

  self->budget = budget;
  return self;
}

DinoscopeMap *
dinoscope_map_cache_lookup (DinoscopeMapCache *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new ();
  g_autofree char      *key = NULL;
  GList                *link;

  g_return_val_if_fail (DINOSCOPE_IS_MAP_CACHE (self), NULL);
  g_return_val_if_fail (DINOSCOPE_IS_OVERLAY_PROVIDER (provider), NULL);
  g_return_val_if_fail (DINOSCOPE_IS_CONTEXT (context), NULL);

  key = make_key (self, provider, context, parameters, runs);
  link = find_link (self, key);
  if (link == NULL)
    return NULL;
  g_queue_unlink (&self->entries, link);
  g_queue_push_head_link (&self->entries, link);
  return g_object_ref (((Entry *) link->data)->map);
}

void
dinoscope_map_cache_insert (DinoscopeMapCache *self, DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, DinoscopeMap *map)
{
  g_autoptr (GPtrArray) runs = g_ptr_array_new ();
  GList                *link;
  Entry                *entry;

  g_return_if_fail (DINOSCOPE_IS_MAP_CACHE (self));
  g_return_if_fail (DINOSCOPE_IS_OVERLAY_PROVIDER (provider));
  g_return_if_fail (DINOSCOPE_IS_CONTEXT (context));
  g_return_if_fail (DINOSCOPE_IS_MAP (map));

  entry = g_new (Entry, 1);
  entry->key = make_key (self, provider, context, parameters, runs);
  entry->runs = g_steal_pointer (&runs);
  entry->map = g_object_ref (map);
  link = find_link (self, entry->key);
  if (link != NULL)
    {
      entry_free (link->data);
      g_queue_delete_link (&self->entries, link);
    }
  g_queue_push_head (&self->entries, entry);
  while (g_queue_get_length (&self->entries) > self->budget)
    entry_free (g_queue_pop_tail (&self->entries));
}

void
dinoscope_map_cache_track (DinoscopeMapCache *self, DinoscopeFeatures *features)
{
  g_return_if_fail (DINOSCOPE_IS_MAP_CACHE (self));
  g_return_if_fail (DINOSCOPE_IS_FEATURES (features));

  purge (self);
  track (self, features);
}

guint
dinoscope_map_cache_get_n_maps (DinoscopeMapCache *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MAP_CACHE (self), 0);

  purge (self);
  return g_queue_get_length (&self->entries);
}
