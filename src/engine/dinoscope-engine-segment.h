/* Decoders of patch tokens on the engine's threads. */
#pragma once

#include "engine/dinoscope-decoder.h"
#include "engine/dinoscope-engine.h"
#include "engine/dinoscope-training.h"

G_BEGIN_DECLS

/* The class of every pixel, [height, width] of the original (transfer full):
 * core/heads/decoder-mask.h. study is the picture that features were found in,
 * which guides where smooth is guided. On the calling thread and the engine's team. */
GBytes *dinoscope_engine_segment (DinoscopeEngine *self, DinoscopeDecoder *decoder, DinoscopeStudy *study, DinoscopeFeatures *features, enum dino_smooth smooth, GCancellable *cancellable, GError **error);

/* The same on the map thread. */
void    dinoscope_engine_segment_async (DinoscopeEngine *self, DinoscopeDecoder *decoder, DinoscopeStudy *study, DinoscopeFeatures *features, enum dino_smooth smooth, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GBytes *dinoscope_engine_segment_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

/* dinoscope_training_run() on the engine's team, and on the encode thread, so that
 * maps are drawn meanwhile; training is taken over. options' team and progress
 * are left out of account. */
void              dinoscope_engine_train_async (DinoscopeEngine *self, DinoscopeTraining *training, const struct dino_decoder_options *options, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
DinoscopeDecoder *dinoscope_engine_train_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error);

G_END_DECLS
