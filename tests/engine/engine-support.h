/* What the engine's tests share. */
#pragma once

#include "engine/dinoscope-engine-private.h"
#include "engine/dinoscope.h"
#include "support.h"

/* The bundled demonstration encoder, and a radiograph that it was not trained on. */
DinoscopeModel *support_load_demonstration (DinoscopeEngine *engine);
DinoscopeStudy *support_open_example (DinoscopeEngine *engine);

/* A checkpoint of tests/data/golden/checkpoint. */
DinoscopeModel *support_load_checkpoint (DinoscopeEngine *engine, const char *name);

/* The grey formula picture of the reference cases, written as PNG and opened. */
DinoscopeStudy *support_open_formula (DinoscopeEngine *engine, int width, int height);

/* A decoded picture of 16 bits, 16 p (x, y) + p (y, x) of the formula. */
struct dino_picture *support_deep_picture (int width, int height);

/* A fresh directory that support_remove_tree() takes away. */
char *support_make_folder (void);
void  support_remove_tree (const char *path);
void  support_write_formula (const char *path, int width, int height);
void  support_write_text (const char *folder, const char *name, const char *text);

/* A tensor of a reference case, as float32; *n elements, g_free() it. */
float *support_read_expected (const char *test_case, const char *tensor, gsize *n);

/* Largest absolute difference. */
double support_largest_difference (const float *a, const float *b, gsize n);

/* For GAsyncReadyCallback: keeps the result; support_wait() iterates the main context until it is there. */
typedef struct
{
  GAsyncResult *result;
  guint         n_calls;
} SupportReply;

void          support_reply_cb (GObject *source, GAsyncResult *result, gpointer reply);
GAsyncResult *support_wait (SupportReply *reply);
void          support_reply_clear (SupportReply *reply);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SupportReply, support_reply_clear)

/* Keeps a lane of one thread busy from when support_gate_close() returns until
 * support_gate_open(): what is asked for meanwhile waits, however slow the
 * asking thread is. */
typedef struct
{
  GMutex   lock;
  GCond    changed;
  gboolean closed, reached, passed;
} SupportGate;

void support_gate_close (SupportGate *gate, DinoscopeEngine *engine, DinoscopeLane lane);
void support_gate_open (SupportGate *gate);

/* Between any two loops that an engine does on its threads, the main loop does
 * all that it has to do: so it is told of each block, however late it comes. */
typedef struct
{
  DinoscopeEngine *engine;
  GThread         *thread;
  GMutex           lock;
  GCond            changed;
  gboolean         turned, stopped;
} SupportBrake;

void support_brake_start (SupportBrake *brake, DinoscopeEngine *engine);

/* On the thread of the main loop. */
void support_brake_stop (SupportBrake *brake);
