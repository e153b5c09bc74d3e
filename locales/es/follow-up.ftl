### New facts. Machine draft, for people to revise and approve.

follow-up = Este es un nuevo aviso sobre lo que pasó con nuestros ordenadores, y reemplaza al anterior.
follow-up-short = { $org }: hay algo nuevo sobre quienes accedieron a datos de usted en nuestros ordenadores.
