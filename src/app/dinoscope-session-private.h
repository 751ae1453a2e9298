#pragma once

#include "app/dinoscope-session.h"

G_BEGIN_DECLS

struct _DinoscopeSession
{
  GObject parent_instance;

  DinoscopeEngine        *engine;
  DinoscopeFeaturesCache *cache;
  DinoscopeMapCache      *map_cache;
  DinoscopeKeptViews     *kept_views;
  DinoscopeExporter      *exporter;
  DinoscopeModel         *model;
  DinoscopeModelSource    source;
  char                   *problem;
  gboolean                failed;
  enum dino_precision     precision; /* as asked for */
  char                   *precision_problem;
  gboolean                packed_cache;
  gboolean                wheel_zooms;
  DinoscopeCollection    *collection;

  /* The model that is being loaded, and the hash of the one in use. */
  char                *loading;
  char                *loading_name; /* of a person's choice; else NULL */
  DinoscopeModelSource loading_source;
  GCancellable        *load_cancellable;
  GCancellable        *hash_cancellable;
  GPtrArray           *hash_threads; /* GThread; joined when they are done */

  GFile                  *ahead_file;
  struct dino_preparation ahead_preparation;
  GCancellable           *ahead_cancellable;
  DinoscopeStudy         *ahead_study;
  DinoscopeEncodeJob     *ahead_job;
  guint                   ahead_timeout;
};

/* dinoscope-session-model.c */
void dinoscope_session_stop_loading (DinoscopeSession *self);
void dinoscope_session_stop_identifying (DinoscopeSession *self);

/* dinoscope-session.c: what others are told. */
void dinoscope_session_model_changed (DinoscopeSession *self);
void dinoscope_session_set_loading (DinoscopeSession *self, const char *path);
void dinoscope_session_set_problem (DinoscopeSession *self, const char *problem);
void dinoscope_session_set_precision_problem (DinoscopeSession *self, const char *problem);
void dinoscope_session_emit_identified (DinoscopeSession *self);
void dinoscope_session_emit_chosen (DinoscopeSession *self, const char *setting);
void dinoscope_session_emit_switch_failed (DinoscopeSession *self, const char *message);

G_END_DECLS
