#include "app/dinoscope-features-cache.h"

typedef struct
{
  char              *key;
  DinoscopeFeatures *features;
  gsize              memory;
} Entry;

struct _DinoscopeFeaturesCache
{
  GObject parent_instance;

  gsize  budget;
  gsize  memory;
  GQueue entries; /* of Entry, most recently used first */
};

G_DEFINE_FINAL_TYPE (DinoscopeFeaturesCache, dinoscope_features_cache, G_TYPE_OBJECT)

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->key);
  g_object_unref (entry->features);
  g_free (entry);
}

static void
remove_link (DinoscopeFeaturesCache *self, GList *link)
{
  Entry *entry = link->data;

  self->memory -= entry->memory;
  g_queue_delete_link (&self->entries, link);
  entry_free (entry);
}

static void
evict (DinoscopeFeaturesCache *self)
{
  while (self->memory > self->budget && self->entries.tail != NULL)
    remove_link (self, self->entries.tail);
}

static GList *
find_link (DinoscopeFeaturesCache *self, const char *key)
{
  for (GList *link = self->entries.head; link != NULL; link = link->next)
    if (g_str_equal (((Entry *) link->data)->key, key))
      return link;
  return NULL;
}

static void
dinoscope_features_cache_finalize (GObject *object)
{
  DinoscopeFeaturesCache *self = DINOSCOPE_FEATURES_CACHE (object);

  g_queue_clear_full (&self->entries, entry_free);

  G_OBJECT_CLASS (dinoscope_features_cache_parent_class)->finalize (object);
}

static void
dinoscope_features_cache_class_init (DinoscopeFeaturesCacheClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_features_cache_finalize;
}

static void
dinoscope_features_cache_init (DinoscopeFeaturesCache *self)
{
  g_queue_init (&self->entries);
}

DinoscopeFeaturesCache *
dinoscope_features_cache_new (gsize budget)
{
  DinoscopeFeaturesCache *self = g_object_new (DINOSCOPE_TYPE_FEATURES_CACHE, NULL);

  self->budget = budget;
  return self;
}

void
dinoscope_features_cache_set_budget (DinoscopeFeaturesCache *self, gsize budget)
{
  g_return_if_fail (DINOSCOPE_IS_FEATURES_CACHE (self));

  self->budget = budget;
  evict (self);
}

gsize
dinoscope_features_cache_get_memory (DinoscopeFeaturesCache *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_FEATURES_CACHE (self), 0);

  return self->memory;
}

guint
dinoscope_features_cache_get_n_features (DinoscopeFeaturesCache *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_FEATURES_CACHE (self), 0);

  return g_queue_get_length (&self->entries);
}

void
dinoscope_features_cache_clear (DinoscopeFeaturesCache *self)
{
  GList *link;

  g_return_if_fail (DINOSCOPE_IS_FEATURES_CACHE (self));

  while ((link = g_queue_peek_head_link (&self->entries)) != NULL)
    remove_link (self, link);
}

void
dinoscope_features_cache_remove_model (DinoscopeFeaturesCache *self, DinoscopeModel *model)
{
  GList *next;

  g_return_if_fail (DINOSCOPE_IS_FEATURES_CACHE (self));

  for (GList *link = self->entries.head; link != NULL; link = next)
    {
      next = link->next;
      if (dinoscope_features_get_model (((Entry *) link->data)->features) == model)
        remove_link (self, link);
    }
}

DinoscopeFeatures *
dinoscope_features_cache_lookup (DinoscopeFeaturesCache *self, const char *key)
{
  GList *link;

  g_return_val_if_fail (DINOSCOPE_IS_FEATURES_CACHE (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  link = find_link (self, key);
  if (link == NULL)
    return NULL;
  g_queue_unlink (&self->entries, link);
  g_queue_push_head_link (&self->entries, link);
  return g_object_ref (((Entry *) link->data)->features);
}

void
dinoscope_features_cache_insert (DinoscopeFeaturesCache *self, const char *key, DinoscopeFeatures *features)
{
  GList *link;
  Entry *entry;
  gsize  memory;

  g_return_if_fail (DINOSCOPE_IS_FEATURES_CACHE (self));
  g_return_if_fail (key != NULL);
  g_return_if_fail (DINOSCOPE_IS_FEATURES (features));

  link = find_link (self, key);
  if (link != NULL)
    remove_link (self, link);
  memory = dinoscope_features_get_memory (features);
  if (memory > self->budget)
    return;
  entry = g_new0 (Entry, 1);
  entry->key = g_strdup (key);
  entry->features = g_object_ref (features);
  entry->memory = memory;
  g_queue_push_head (&self->entries, entry);
  self->memory += memory;
  evict (self);
}

char *
dinoscope_features_cache_key (DinoscopeStudy *study, DinoscopeModel *model)
{
  struct dino_geometry geometry;
  char                 preparation[DINO_PREPARATION_LENGTH];

  g_return_val_if_fail (DINOSCOPE_IS_STUDY (study), NULL);
  g_return_val_if_fail (DINOSCOPE_IS_MODEL (model), NULL);

  if (!dinoscope_study_get_geometry (study, dinoscope_model_get_core (model), &geometry, NULL))
    return NULL;
  dino_preparation_describe (dinoscope_study_get_preparation (study), &geometry, dinoscope_study_get_picture (study), preparation, sizeof preparation);
  /* An input of one size may be cut out of pictures resized to several. */
  return g_strdup_printf ("%s\n%s\n%s\n%s\n%s\n%dx%d%+d%+d", dinoscope_study_get_sha256 (study), dinoscope_study_get_grey_sha256 (study), dinoscope_model_get_path (model), dinoscope_model_get_precision (model), preparation,
                          geometry.resized_width, geometry.resized_height, geometry.left, geometry.top);
}
