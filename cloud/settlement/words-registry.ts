/** How banks and providers head the columns of their registries, and what they call an operation. */
export const COLUMNS = {
  name: /^(номер (заказа|операции|документа|платежа|транзакции)|№ (заказа|операции|документа)|order ?number|order|txn_id|id операции)$/,
  account: /^(лицевой сч[её]т|л\/с|номер (лицевого )?сч[её]та|сч[её]т|account)$/,
  sum: /^(сумма( операции| платежа| зачисления)?(, руб\.?)?|amount|sum)$/,
  commission: /^(комиссия( банка)?(, руб\.?)?|commission|fee)$/,
  operation: /^(операция|тип( операции)?|вид операции|operation|type)$/,
} as const;

export const REFUND = /возврат|отмена|refund|reversal/;
export const CHARGEBACK = /опротест|оспор|чарджб[еэ]к|chargeback/;
/** Where the rows end and their sum begins. */
export const TOTAL = /^(=|итого|всего|total)/;
