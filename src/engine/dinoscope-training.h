/* What a decoder of patch tokens learns from: patches with classes. */
#pragma once

#include "core/heads/decoder-train.h"
#include "core/heads/scribbles.h"
#include "engine/dinoscope-decoder.h"

G_BEGIN_DECLS

typedef struct _DinoscopeTraining DinoscopeTraining;

/* blocks [n_blocks]; 0 of them: the model's output. Both are copied. */
DinoscopeTraining *dinoscope_training_new (const struct dino_classes *classes, const int *blocks, gsize n_blocks);
void               dinoscope_training_free (DinoscopeTraining *self);

/* How the pictures were prepared, in the words of io/preparation-json.h, for the
 * decoder's file; NULL: not known, or not all alike. */
void dinoscope_training_set_preparation (DinoscopeTraining *self, const char *preparation);

/* Takes the labelled patches of a picture from a mask of its size, [height,
 * width] of classes or DINO_NO_CLASS: those of whose cell at least share has a
 * class. All pictures must have the same encoder. */
gboolean dinoscope_training_add (DinoscopeTraining *self, DinoscopeFeatures *features, const guint8 *classes, double share, GError **error);

/* The same from strokes [n_strokes], which are copied; done when training begins,
 * on the thread that trains. */
void dinoscope_training_add_strokes (DinoscopeTraining *self, DinoscopeFeatures *features, const struct dino_stroke *strokes, gsize n_strokes);

/* Patches taken so far, of all classes and of one. */
gsize dinoscope_training_get_n (DinoscopeTraining *self);
gsize dinoscope_training_get_n_of (DinoscopeTraining *self, int class_index);

/* Does what was put off, then trains; options->n_hidden and the like are the
 * caller's. Fails, naming it, when a class has no patch. Blocks. */
DinoscopeDecoder *dinoscope_training_run (DinoscopeTraining *self, const struct dino_decoder_options *options, GCancellable *cancellable, GError **error);

G_END_DECLS
