/* The head of a linear probe, as a file of weights. */
#pragma once

#include <dinoscope.h>

/* Translations are Dinoscope's, which it comes with. */
#define _(text) g_dgettext ("dinoscope", text)

/* What the weights are multiplied with. */
typedef enum
{
  HEAD_PATCHES,  /* each patch by itself */
  HEAD_MEAN,     /* the mean patch */
  HEAD_CLS_MEAN, /* CLS, then the mean patch */
  HEAD_UNKNOWN   /* the file does not say: told from the number of weights */
} HeadFeatures;

typedef struct
{
  guint        n_classes;
  guint        n_weights; /* of a class */
  HeadFeatures features;
  int          block; /* -1: the encoder's output */
  GBytes      *weight, *bias;
  char       **classes;      /* n_classes names */
  char        *model_sha256; /* NULL when the file does not say */
} Head;

/* Reads and checks a file. Errors name it. */
Head *head_read (const char *path, GError **error);
void  head_free (Head *head);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Head, head_free)

/* Whether the head was fitted on this encoder; error says what does not fit.
 * Features that the file does not name are told from their number. */
gboolean head_check_model (Head *head, DinoscopeModel *model, GCancellable *cancellable, GError **error);
